"""Write a 45-minute lesson: five short scenarios as pages, teacher notes, a worksheet."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim lesson` takes."""
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="for every scenario of the lesson")
    parser.add_argument("--out", metavar="DIR", default="lesson", help="folder to write (lesson)")


def run(args) -> int:
    """Check the folder, run the scenes, put the lesson in place."""
    from loopsim.lesson import folder, handout

    target = folder.check(args.out)
    folder.write(target, lambda fresh: handout.fill(fresh, args.overrides, write_page=_page))
    print(f"Open {target / 'index.html'}")
    return 0


def _page(result, file) -> None:
    """The page that the run wrote, or a new one where it could not."""
    import os

    from loopsim.report import page

    if (result / "index.html").is_file():
        os.replace(result / "index.html", file)
    else:
        page.write(result, file)
