"""Self-fulfilling: the model judged on the police's own records against what truly happened."""

from __future__ import annotations

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import end_ticks, whisker
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import SMALL, bare, key, sheet

NEEDS = ("summary.csv",)
MOST = 12  # arms
ON = {"pai_records": "on its own records", "pai_truth": "on true offences"}
HITS = ("hit_rate_records", "hit_rate_truth")


def reason(result) -> str | None:
    """Needs the accuracy on records and on the truth."""
    if not Facts.of(result).has(*ON, *HITS):
        return "needs pai and hit_rate, on records and on truth"
    return None if _rows(result) else "needs records and offences in patrolled cells, and this run has none"


def _rows(result) -> list:
    """(arm, PAI on records, on truth, hit rate on records, on truth) where they are defined."""
    facts = Facts.of(result)
    found = [(arm, *(facts.last(arm, m, "all") for m in (*ON, *HITS))) for arm in result.arms]
    return [row for row in found if all(row)]


def draw(result):
    """Two dots an arm: how many times better than an even search, on records and on the truth."""
    rows = _rows(result)[:MOST]
    fig = sheet(
        result,
        "Is the model accurate, or does it confirm itself?",
        "Crime caught in patrolled cells, against what chance would catch there. Last period.",
        1.85 + 0.42 * max(len(rows), 2),
    )
    axes = fig.subplots()
    top = max(f.hi if f.hi == f.hi else f.mean for row in rows for f in row[1:3])
    axes.axvline(1.0, color=colour.INK, linewidth=1.0, zorder=0)
    for i, (_, seen, true, *_) in enumerate(rows):
        axes.plot([true.mean, seen.mean], [i, i], color=colour.PALE, linewidth=4, zorder=1)
        for found, face in ((seen, colour.ARMS["loop"]), (true, "white")):
            whisker(axes, found, i)
            axes.plot(found.mean, i, "o", color=face, **_MARK)
        end = max(f.hi if f.hi == f.hi else f.mean for f in (seen, true))
        told = f"{words.number(seen.mean, 2)}× on records, {words.number(true.mean, 2)}× on offences"
        axes.annotate(told, (end, i), (9, 0), textcoords="offset points", fontsize=SMALL, va="center")
    axes.set_yticks(range(len(rows)), [words.arm(row[0], 18) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, top * 1.75)
    end_ticks(axes, top)
    axes.set_xticks(axes.get_xticks(), [f"{t:g}×" for t in axes.get_xticks()])
    bare(axes, "x")
    _key(fig)
    return fig


_MARK = {"markersize": 8, "markeredgecolor": colour.ARMS["loop"], "markeredgewidth": 1.6}


def _key(fig) -> None:
    from matplotlib.lines import Line2D

    inks = colour.ARMS["loop"], "white"
    marks = [
        Line2D([], [], linestyle="", marker="o", color=c, label=t, **_MARK)
        for c, t in zip(inks, ON.values(), strict=True)
    ]
    key(fig, [*marks, Line2D([], [], color=colour.INK, linewidth=1.0, label="1× = no better than chance")])


def table(result):
    """Accuracy of every arm."""
    rows = [
        (
            words.arm(arm),
            *(words.estimate(f, digits=2) for f in found[:2]),
            *(words.estimate(f, 100, 1) for f in found[2:]),
        )
        for arm, *found in _rows(result)
    ]
    return (
        "arm",
        "PAI on records",
        "PAI on true offences",
        "hit rate on records, %",
        "on true offences, %",
    ), rows


def alt(result) -> str:
    """Both accuracies of every arm."""
    parts = [
        f"{words.arm(arm)} {words.number(seen.mean, 2)} times chance on its own records and "
        f"{words.number(true.mean, 2)} times on true offences"
        for arm, seen, true, *_ in _rows(result)[:MOST]
    ]
    return f"Dots of the prediction accuracy index: {'; '.join(parts)}."


def caption(result) -> str:
    """Why the two differ."""
    return (
        "A police force can only score a model on what it has recorded (full dot). Patrols write records where they "
        "are sent, so the score contains the model's own doing; the simulation also knows the truth (open dot). "
        f"The index is the share of crime caught over the share of the city patrolled. {words.closing(result)}"
    )
