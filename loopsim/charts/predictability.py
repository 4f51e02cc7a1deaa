"""Predictability: what this year's patrol follows, and how accurate the model looks and is, year by year."""

from __future__ import annotations

import numpy as np

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, SMALL, bare, key, sheet

NEEDS = ("summary.csv", "answers.csv")
MOST = 4  # arms
ROWS = {
    "variation of patrol\nexplained, %": ("predictability_patrol", "predictability_truth"),
    "caught in patrolled\ncells, %": ("hit_rate_records", "hit_rate_truth"),
}
INKS = (colour.ARMS["loop"], "#1F4E8C")
STYLES = ("-", (0, (4, 2)))


def reason(result) -> str | None:
    """Needs predictability over three periods or more, as experiments/predictable_policing.py has it."""
    facts = Facts.of(result)
    if not facts.has(*(m for both in ROWS.values() for m in both)):
        return "needs predictability and hit_rate"
    arms = _arms(result)
    days = len(np.unique(facts.series(arms[0], "predictability_patrol", "all")[:, 0])) if arms else 0
    return None if days >= 2 else "needs three measure periods or more, and patrol that varies"


def _arms(result) -> list[str]:
    """The arms whose patrol varies over cells, so that there is something to explain."""
    facts = Facts.of(result)
    return [arm for arm in result.arms if facts.last(arm, "predictability_patrol", "all")][:MOST]


def draw(result):
    """Above: patrol explained by the year before. Below: hit rates. Red: the police's own doing; blue: offences."""
    facts, arms = Facts.of(result), _arms(result)
    fig = sheet(
        result,
        "Predictable policing",
        "Above: what the patrol of a period follows. Below: how much crime its cells catch. Bands: 95 %.",
        5.0,
        below=f"{words.time_unit(result.manifest['days'])[1]} under the model",
    )
    panels = fig.subplots(2, len(arms), squeeze=False, sharex=True, sharey="row")
    unit = words.time_unit(result.manifest["days"])[0]
    for row, (title, measures) in zip(panels, ROWS.items(), strict=True):
        for axes, arm in zip(row, arms, strict=True):
            for measure, ink, style in zip(measures, INKS, STYLES, strict=True):
                _line(axes, facts.series(arm, measure, "all"), unit, ink, style)
            bare(axes)
        row[0].set_ylabel(title, fontsize=SMALL)
        row[0].set_ylim(bottom=min(0.0, row[0].get_ylim()[0]))
    for axes, arm in zip(panels[0], arms, strict=True):
        axes.set_title(words.arm(arm, 20), fontsize=LABEL, weight="bold", loc="left")
    _key(fig)
    return fig


def _line(axes, rows, unit, ink, style) -> None:
    rows = rows[np.isfinite(rows[:, 1])] if len(rows) else rows
    if not len(rows):
        return
    x = rows[:, 0] / unit
    axes.fill_between(x, 100 * rows[:, 2], 100 * rows[:, 3], color=ink, alpha=0.15, linewidth=0)
    axes.plot(x, 100 * rows[:, 1], color=ink, linestyle=style, linewidth=2, marker="o", markersize=4)


def _key(fig) -> None:
    from matplotlib.lines import Line2D

    told = "by past patrol; on records", "by past true offences; on true offences"
    key(
        fig,
        [
            Line2D([], [], color=c, linestyle=s, linewidth=2, label=t)
            for c, s, t in zip(INKS, STYLES, told, strict=True)
        ],
    )


def table(result):
    """The last period of every arm."""
    facts = Facts.of(result)
    measures = [m for both in ROWS.values() for m in both]
    rows = [
        (words.arm(arm), *(words.estimate(facts.last(arm, m, "all"), 100, 1) for m in measures))
        for arm in _arms(result)
    ]
    return (
        "arm", "patrol explained by past patrol, %", "by past offences, %", "hit rate on records, %", "on offences, %",
    ), rows  # fmt: skip


def alt(result) -> str:
    """The last period in words."""
    parts = [
        f"{arm}: past patrol explains {a} %, past offences {b} %; hit rate {c} % on records, {d} % on offences"
        for arm, a, b, c, d in table(result)[1]
    ]
    return f"Lines by period, here the last one. {'; '.join(parts)}."


def caption(result) -> str:
    """What explained means."""
    return (
        "Explained: the share of the deviance of a period's patrol over cells from an even spread that is taken away by the "
        "patrol, or by the true offences, of the period before; below 0 it is a worse guess than an even spread. "
        f"{words.closing(result)}"
    )
