"""Handout: runs the scenes and fills the pages, the notes and the worksheet with what came out."""

from __future__ import annotations

import html
import json
import shlex
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from string import Template

import loopsim
from loopsim.lesson.findings import Findings
from loopsim.lesson.folder import MARK
from loopsim.lesson.scenes import BAN_DAY, SCENES, Scene, refuse_own

SHEETS = ("index.html", "teacher_notes.html", "worksheet.html")
SCRATCH = ".runs"


def fill(folder: Path, overrides=(), *, write_page: Callable, tell: Callable = print) -> dict:
    """Run every scene, write the whole lesson into a folder, return scene name -> Result.

    Parameters
    ----------
    folder : an empty folder
    overrides : list of "key=value" for every scene
    write_page : (result folder, file) -> None, writes one self-contained page
    tell : called with one line a scene
    """
    import shutil

    from loopsim.study.run import run

    refuse_own(overrides)
    studies = {scene.name: scene.study(folder / SCRATCH / scene.name, overrides) for scene in SCENES}
    results = {}
    for scene in SCENES:
        tell(f"{scene.name}: {scene.title}")
        results[scene.name] = run(studies[scene.name])
        write_page(folder / SCRATCH / scene.name, folder / scene.file)
    words = {**numbers(results), **about(results, overrides)}
    for sheet in SHEETS:
        (folder / sheet).write_text(filled(sheet, words), "utf-8", newline="\n")
    origin = {name: result.manifest for name, result in results.items()}
    (folder / MARK).write_text(json.dumps(origin, indent=1, ensure_ascii=False) + "\n", "utf-8")
    shutil.rmtree(folder / SCRATCH)
    return results


def filled(sheet: str, words: dict[str, str]) -> str:
    """A template with its words put in, escaped."""
    safe = {name: html.escape(str(word)) for name, word in words.items()}
    safe |= {"style": _text("style.css"), "pages": _pages(SCENES)}
    return Template(_text(sheet)).substitute(safe)


def numbers(results: dict) -> dict[str, str]:
    """Name in the templates -> phrase, every number from a run."""
    fair, biased, more, reports, ban = (Findings(results[scene.name]) for scene in SCENES)
    return {
        "reference": biased.reference,
        "other": biased.other,
        "even_share": f"{100 * _share(results[SCENES[1].name], biased.other):.0f} %",
        "fair_true": fair.rate("loop", "true_rate"),
        "fair_first": fair.ratio("loop", 0),
        "fair_first_uneven": fair.uneven("loop", 0),
        "fair_last": fair.ratio("loop"),
        "fair_last_uneven": fair.uneven("loop"),
        "fair_spread": fair.spread(),
        "biased_true": biased.rate("loop", "true_rate"),
        "biased_first": biased.ratio("loop", 0),
        "biased_first_uneven": biased.uneven("loop", 0),
        "biased_last": biased.ratio("loop"),
        "biased_last_uneven": biased.uneven("loop"),
        "biased_growth": biased.growth(),
        "biased_stops": biased.rate("loop", "stop_rate", 1),
        "biased_nfa": biased.rate("loop", "nfa_rate", 0, 100.0),
        "biased_recorded": biased.rate("loop", "recorded_rate"),
        "biased_clean": biased.against("clean_start", "loop"),
        "no_model": biased.ratio("no_model"),
        "more_last": more.ratio("loop"),
        "more_against": more.against("fewer_hotspots", "loop"),
        "reports_last": reports.ratio("loop"),
        "reports_cut": _cut(results[SCENES[3].name].config["world"]),
        "reports_uneven": reports.uneven("loop"),
        "reports_against": reports.against("all_records", "loop"),
        "ban_before": ban.ratio("loop", BAN_DAY - 1),
        "ban_after": ban.ratio("loop"),
        "ban_belief": ban.belief("loop"),
    }


def about(results: dict, overrides) -> dict[str, str]:
    """Where the lesson comes from."""
    told = results[SCENES[0].name].manifest
    asked = " ".join(["loopsim lesson", *(shlex.quote(o) for o in overrides)])
    residents = told["city"]["residents"]
    return {
        "people": f"{sum(residents.values()):,}",
        "groups": " and ".join(f"{n:,} {name}" for name, n in residents.items()),
        "replicates": str(told["replicates"]),
        "seed": str(told["seed"]),
        "days": str(told["days"]),
        "version": loopsim.__version__,
        "command": asked,
    }


def _cut(world: dict) -> str:
    """Whether the reports of this town depend on patrol or place, by its configuration."""
    if world["patrol_raises_reporting"] or world["reporting_by_deprivation"]:
        return "Not wholly: in this town people report more or less by place or by patrol, so reports carry a bias."
    return "In this town reports do not depend on patrol, so patrols no longer write what the model reads."


def _share(result, group: str) -> float:
    residents = result.manifest["city"]["residents"]
    return residents[group] / sum(residents.values())


def _pages(scenes: tuple[Scene, ...]) -> str:
    rows = [
        f'<li><a href="{s.file}">{html.escape(s.title)}</a><br>{html.escape(s.about)}</li>' for s in scenes
    ]
    return "<ol>\n" + "\n".join(rows) + "\n</ol>"


def _text(name: str) -> str:
    return (resources.files("loopsim.lesson") / "templates" / name).read_text("utf-8")
