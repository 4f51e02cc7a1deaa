"""Makes the gallery: a few runs, their charts with the numbers drawn, and results/README.md.

    python results/make.py

takes a few minutes and replaces results/gallery/runs/ and results/README.md; same version, same bytes.
The runs themselves are not kept: each chart stands beside the command that makes its run again.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import loopsim
from loopsim import charts
from loopsim.charts.paper import files
from loopsim.study.store import write_csv

HERE = Path(__file__).parent
# name -> (verb, what follows it on the command line, charts)
RUNS = {
    "twin_cities": (
        "run",
        ["scenario=twin_cities"],
        ["same_crimes", "compounding", "true_vs_recorded", "who_is_stopped", "self_fulfilling", "lock_in"],
    ),
    "ban_after_a_year": ("run", ["scenario=ban_after_a_year"], ["after_the_ban"]),
    "dose": (
        "sweep",
        ["scenario=twin_cities", "bias.level=0.5,1,1.5,2,3,4", "arms=[loop,frozen]", "replicates=16"],
        ["dose_response"],
    ),
}
HEAD = """# Gallery

Made by `python results/make.py`. Everything here is a simulated city in which everyone offends at the
same rate; nothing here measures a real police force. Each picture stands with the command that makes its run, page and table
again, and with the numbers drawn in it. What the experiments answer stands in [docs/answers.md](../docs/answers.md), with
their tables in `gallery/answers/`.
"""


def made(name: str, out: Path, more: list[str]):
    """Run one entry and load what it wrote."""
    verb, lines, _ = RUNS[name]
    asked = [*lines[1:], *more, f"out={out}"]
    scenario = lines[0].partition("=")[2]
    if verb == "sweep":
        loopsim.sweep(asked, scenario=scenario, progress=True)
    else:
        loopsim.run(scenario=scenario, overrides=asked, progress=True)
    return loopsim.load(out)


def entry(result, name: str, kind: str, gallery: Path, more: list[str]) -> str:
    """Write one chart and its numbers; returns its part of the README."""
    module, stem = charts.chart(kind), f"{name}-{kind}"
    files.save(charts.draw(result, kind), gallery / f"{stem}.png")
    columns, rows = module.table(result)
    write_csv(gallery / f"{stem}.csv", columns, rows)
    verb, lines, _ = RUNS[name]
    told = " ".join(["loopsim", verb, *(f"'{x}'" if set(x) & set("[{(") else x for x in [*lines, *more])])
    heading = charts.names()[kind]
    alt = module.alt(result).replace("[", "(").replace("]", ")")
    return (
        f"## {heading[0].upper()}{heading[1:]}\n\n![{alt}](gallery/runs/{stem}.png)\n\n{module.caption(result)}\n\n"
        f"`{told}` · chart `{kind}` · [numbers](gallery/runs/{stem}.csv)\n"
    )


def make(folder: Path = HERE, more=()) -> None:
    """Run everything, then put the gallery in place; `more` are overrides for every run."""
    more = list(more)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as room:
        gallery = Path(room) / "gallery"
        gallery.mkdir()
        parts = [HEAD]
        for name, (_, _, kinds) in RUNS.items():
            result = made(name, Path(room) / name, more)
            parts += [entry(result, name, kind, gallery, more) for kind in kinds]
        (folder / "gallery").mkdir(exist_ok=True)
        shutil.rmtree(folder / "gallery" / "runs", ignore_errors=True)
        gallery.rename(folder / "gallery" / "runs")
        (folder / "README.md").write_text("\n".join(parts), "utf-8", newline="\n")


if __name__ == "__main__":
    make(more=sys.argv[1:])
