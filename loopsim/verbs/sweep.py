"""Run a scenario at many settings: keys with several values, in Hydra's grammar."""

from __future__ import annotations

EXAMPLE = (
    "example: loopsim sweep bias.level=1,1.5,2 allocation.gamma='range(0.5,2.5,0.5)' prediction=kde,predpol"
)


def arguments(parser) -> None:
    """What `loopsim sweep` takes."""
    parser.epilog = EXAMPLE
    add = parser.add_argument
    add("overrides", nargs="*", metavar="key=a,b", help="a,b,c or range(START,STOP,STEP) or choice(a,b)")
    add("--precision", type=float, metavar="W", help="replicates until an interval is no wider than W")
    add("--measure", metavar="NAME", help="whose interval; patrol_disparity (a log ratio) unless given")
    add("--most", type=int, metavar="N", help="replicates at which --precision stops; 1024 unless given")
    add("--design", metavar="NAME:N", help="sobol:N or morris:N over keys given as interval(LOW,HIGH)")
    add("--executor", default=None, metavar="NAME", help="threads (of this machine) or dask")
    add("--scheduler", metavar="tcp://HOST:8786", help="join a Dask cluster (docs/cluster.md)")
    add(
        "--resume",
        action="store_true",
        help="only go on with an earlier sweep (without it, too, finished points are kept)",
    )
    add("--fresh", action="store_true", help="compute anew what another version of the code finished")
    add("--yes", action="store_true", help="run a design however large")
    add("--quiet", action="store_true", help="no progress bar")


def run(args) -> int:
    """Compose and check every point, run those that are not finished, tell."""
    from loopsim.study.sweep.precision import Precision
    from loopsim.study.sweep.show import show
    from loopsim.study.sweep.sweep import Wishes, sweep
    from loopsim.study.sweep.words import tell

    wishes = Wishes(
        executor=args.executor or ("dask" if args.scheduler else "threads"),
        scheduler=args.scheduler,
        precision=Precision.of(args.precision, args.measure, args.most),
        design=args.design,
        resume=args.resume,
        fresh=args.fresh,
        yes=args.yes,
        progress=not args.quiet,
    )
    result = sweep(args.overrides, config_dirs=args.config_dir, wishes=wishes)
    for line in show(result):
        wishes.say(line)
    print(tell(result))
    return 0
