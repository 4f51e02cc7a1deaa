"""Answers page: docs/answers.md, from what the experiments wrote and from nothing else.

`keep` copies the answers of a result, its figures and what is known of its making to a
folder that can be committed; `page` writes the page from that folder alone.
"""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study.answers import answers

PARTS = ("Question", "Design", "Expected")
HEAD = """# Answers

How does bias in the first records compound, when, through what, and what stops it? Eight experiments, each with its question, its
design, what was expected before it was run, and what came out. **Every number below was written by a program** from the tables in
[results/gallery/answers](../results/gallery/answers); none was typed. To make the page again:

```
python experiments/answers.py
```

runs what has no result in `results/` yet and writes this page (`--city FILE` gives it the imported city of real_southend, see
[bring your own city](tutorials/bring_your_own_city.md)); one experiment alone is run by the command that stands with it.

How to read it: *disparity* is patrol-hours per head of one group against another, as a ratio (`2×` is twice as many); square
brackets are 95 % intervals over replicates, paired between arms, so an interval holds what chance in the same city can do, and
not what another city would show; those of segregation are over cities. A regime is judged from the interval of the growth since the first plan against a band of
a factor of 1.1: inside it *locks in*, above it *compounds* (the last plan is further from 1× than the first, on whichever side),
below it *fades* (it is nearer); where the interval crosses the band, or leaves open which plan is the nearer to 1×, the answer is
*undetermined* and stays so here. Where the intervals of the disparity hold 1× at the first plan and at the last, inside the same band
and in single runs too, there was nothing to grow or to fade: *no disparity*. It is a simulated city in which everyone offends at the same rate: it measures no real police force.
"""


def keep(name: str, result_folder: Path, target: Path, kinds) -> None:
    """Copy answers, figures and origin of a result.

    Parameters
    ----------
    kinds : charts to draw; each becomes NAME.png or NAME_CHART.png, the first being the plain name
    """
    import loopsim
    from loopsim import charts
    from loopsim.charts.paper import files

    result = loopsim.load(result_folder)
    target.mkdir(parents=True, exist_ok=True)
    figures = []
    for i, kind in enumerate(kinds):
        figure, module = f"{name}{f'_{kind}' if i else ''}.png", charts.chart(kind)
        files.save(charts.draw(result, kind), target / figure)
        figures.append({"file": figure, "alt": module.alt(result), "caption": module.caption(result)})
    _put(target / f"{name}.csv", (result.path / answers.FILE).read_text("utf-8"))
    _put(target / f"{name}.json", json.dumps(_about(result, figures), indent=1, ensure_ascii=False) + "\n")


def _about(result, figures: list) -> dict:
    """What the page tells of a result beside its answers."""
    told = result.manifest
    command = [line for line in told["command"] if not line.startswith("out=")]  # a reader's own choice
    about = {"command": command}
    about |= {key: told.get(key) for key in ("seed", "days", "replicates", "config_hash", "versions")}
    about |= {"wall_seconds": told["wall_seconds"], "cpu_seconds": told["cpu_seconds"], "figures": figures}
    if told.get("kind") == "sweep":
        points = [{k: p[k] for k in ("values", "verdict")} for p in told["points"]]
        return about | {"points": points}
    return about | {"arms": told["arms"], "verdict": told["verdict"]}


def said(docstring: str) -> dict[str, str]:
    """The parts of an experiment's docstring, a paragraph each on one line."""
    parts = {}
    for paragraph in docstring.split("\n\n"):
        word, _, rest = " ".join(paragraph.split()).partition(". ")
        if word in PARTS:
            parts[word] = rest
    return parts


def page(scripts: dict, kept: Path, pictures: str) -> str:
    """The page as text.

    Parameters
    ----------
    scripts : name -> (source of the experiment, its function `told`), in the order of the page
    kept : folder that `keep` wrote to
    pictures : path of that folder as seen from the page
    """
    parts = [HEAD]
    for i, (name, (source, told)) in enumerate(scripts.items(), start=1):
        if not (kept / f"{name}.json").is_file():
            raise Refused(f"{kept} has no answers of {name}; run experiments/answers.py --only {name}")
        about = json.loads((kept / f"{name}.json").read_text("utf-8"))
        found = answers.read(kept / f"{name}.csv")
        parts.append(
            _section(
                f"{i}. {name}", ast.get_docstring(ast.parse(source)), about, told(found, about), pictures
            )
        )
    return "\n".join(parts)


def _section(title: str, docstring: str, about: dict, result: list[str], pictures: str) -> str:
    lines = [f"## {title}", "", *(f"**{part}.** {text}\n" for part, text in said(docstring).items())]
    lines += ["**Result.** " + result[0], "", *result[1:], ""]
    for figure in about["figures"]:
        lines += [
            f"![{_inside(figure['alt'])}]({pictures}/{figure['file']})",
            "",
            f"*{_inside(figure['caption'])}*",
            "",
        ]
    name = Path(about["command"][0]).stem
    wall = f"{about['wall_seconds']:,.0f} s on the clock, {about['cpu_seconds']:,.0f} s of processor time"
    lines += [f"`{' '.join(['python', f'experiments/{name}.py', *about['command'][1:]])}`: {about['replicates']} replicates, "
              f"{about['days']:,} days, seed {about['seed']}; {wall} on a shared machine. "
              f"Table: [{name}.csv]({pictures}/{name}.csv).", ""]  # fmt: skip
    return "\n".join(lines)


def _inside(text: str) -> str:
    """Safe between brackets and stars."""
    return re.sub(r"[\[\]*`]", "", text)


def write(path: Path, text: str) -> None:
    """Put the page in place."""
    _put(path, text)


def _put(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, "utf-8", newline="\n")
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Refused(f"cannot write {path}: {error.strerror or error}") from None
