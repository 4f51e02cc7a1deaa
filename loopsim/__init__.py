"""loopsim: what becomes of biased police records in a city of equal offenders."""

from __future__ import annotations

from loopsim import cache

cache.settle()

_LAZY = {"Result": "loopsim.study.result", "SweepResult": "loopsim.study.sweep.result"}


def run(scenario: str | None = None, overrides=(), *, config_dirs=(), progress: bool = False):
    """Run a scenario and return its Result.

    Parameters
    ----------
    scenario : a name from `loopsim list scenario`; twin_cities where none is given
    overrides : list of "key=value", as on the command line
    config_dirs : folders with scenarios and options of your own
    progress : show a progress bar on stderr
    """
    from loopsim.study import compose
    from loopsim.study import run as runner

    study = compose.compose(overrides, scenario=scenario, config_dirs=config_dirs)
    return runner.run(study, progress=progress)


def sweep(overrides=(), *, scenario: str | None = None, config_dirs=(), progress: bool = False, **wishes):
    """Run a scenario at many settings and return its SweepResult.

    Parameters
    ----------
    overrides : list of "key=value" and "key=a,b,c", as on the command line
    scenario : a name from `loopsim list scenario`
    config_dirs : folders with scenarios and options of your own
    progress : show a progress bar on stderr
    wishes : precision, measure, most, design, executor, scheduler, resume, fresh, yes; as the
        options of `loopsim sweep`
    """
    from loopsim.study.sweep.precision import Precision
    from loopsim.study.sweep.sweep import Wishes
    from loopsim.study.sweep.sweep import sweep as run_all

    narrow = Precision.of(*(wishes.pop(name, None) for name in ("precision", "measure", "most")))
    asked = Wishes(precision=narrow, progress=progress, **wishes)
    return run_all(overrides, scenario=scenario, config_dirs=config_dirs, wishes=asked)


def load(path):
    """Read the folder of a run or a sweep: a Result or a SweepResult."""
    import json
    from pathlib import Path

    from loopsim.study.result import Result
    from loopsim.study.sweep.result import SweepResult

    try:
        kind = json.loads((Path(path) / "manifest.json").read_text("utf-8")).get("kind")
    except (OSError, ValueError, AttributeError):
        kind = None  # Result.load says what is wrong
    return (SweepResult if kind == "sweep" else Result).load(path)


def __getattr__(name: str):
    import importlib
    import importlib.metadata

    if name == "__version__":
        try:
            return importlib.metadata.version("loopsim")
        except importlib.metadata.PackageNotFoundError:
            return "0+checkout"
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module loopsim has no attribute {name}")
