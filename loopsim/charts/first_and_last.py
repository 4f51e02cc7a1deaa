"""First and last: the disparity of the first plan and of the last, an arm a row, with its regime."""

from __future__ import annotations

import math

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import whisker
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import SMALL, bare, key, plain_ratios, sheet

NEEDS = ("summary.csv", "answers.csv")
MOST = 26  # rows
WIDEST = math.log(30)  # an interval further out than this is cut


def reason(result) -> str | None:
    """Needs patrol_disparity of at least two groups, and a few arms."""
    facts = Facts.of(result)
    if not facts.has("patrol_disparity"):
        return "needs patrol_disparity, of at least two groups"
    rows = len(result.arms) * len(facts.pairs)
    return None if 2 <= rows <= MOST else f"shows 2 to {MOST} arms by pair of groups, got {rows}"


def _rows(result) -> list:
    """(label, first Figure, last Figure, regime) of every arm and pair."""
    facts, found = Facts.of(result), []
    for arm in result.arms:
        for pair in facts.pairs:
            ends = [get(arm, "patrol_disparity", pair) for get in (facts.first, facts.last)]
            name = words.arm(arm, 30) + (f", {pair.split('/')[0]}" if len(facts.pairs) > 1 else "")
            regime = result.verdict.get(arm, {}).get(pair, {}).get("regime", "")
            if all(ends):
                found.append((name, *ends, "not settled" if regime == "undetermined" else regime))
    return found


def draw(result):
    """Open dot: the first plan. Full dot: the last. The verdict stands at the right."""
    rows, facts = _rows(result), Facts.of(result)
    one = len(facts.pairs) == 1
    against = facts.pairs[0].replace("/", " against ") if one else f"every group against {facts.groups[0]}"
    fig = sheet(
        result,
        "From the first plan to the last",
        f"Patrol-hours per head, {words.short(against, 44)}: ratio, log scale. 1× is equal.",
        1.7 + 0.3 * len(rows),
    )
    axes = fig.subplots()
    ends = [v for _, *both, _ in rows for f in both for v in (f.mean, f.lo, f.hi) if math.isfinite(v)]
    low, high = max(min(-0.3, *ends), -WIDEST), min(max(0.3, *ends), WIDEST)
    axes.axvline(1.0, color=colour.INK, linewidth=1.0, zorder=0)
    for i, (_, first, last, regime) in enumerate(rows):
        axes.plot(
            *[[math.exp(first.mean), math.exp(last.mean)], [i, i]], color=colour.PALE, linewidth=4, zorder=1
        )
        for found, face, shift in ((first, "white", -0.14), (last, colour.ARMS["loop"], 0.14)):
            plain = found._replace(**{k: math.exp(getattr(found, k)) for k in ("mean", "lo", "hi")})
            whisker(axes, plain, i + shift)
            axes.plot(plain.mean, i + shift, "o", color=face, **_MARK)
        axes.annotate(regime, (1.0, i), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                      fontsize=SMALL, va="center", annotation_clip=False)  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(math.exp(low - 0.05), math.exp(high + 0.05))
    plain_ratios(axes.xaxis, math.exp(low), math.exp(high))
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    bare(axes, "x")
    _key(fig)
    return fig


_MARK = {"markersize": 6, "markeredgecolor": colour.ARMS["loop"], "markeredgewidth": 1.4, "zorder": 3}


def _key(fig) -> None:
    from matplotlib.lines import Line2D

    inks = {"first plan": "white", "last plan": colour.ARMS["loop"]}
    key(fig, [Line2D([], [], linestyle="", marker="o", color=c, label=t, **_MARK) for t, c in inks.items()])


def table(result):
    """First and last plan, and the verdict."""
    rows = [
        (name, words.ratio(first), words.ratio(last), regime) for name, first, last, regime in _rows(result)
    ]
    return ("arm", "patrol per head at the first plan", "at the last plan", "verdict"), rows


def alt(result) -> str:
    """Both ends of every arm."""
    parts = [
        f"{name} from {words.number(math.exp(first.mean), 2)} to {words.ratio(last)}, {regime or 'no verdict'}"
        for name, first, last, regime in _rows(result)
    ]
    return f"Dots of patrol per head at the first and the last plan: {'; '.join(parts)}."


def caption(result) -> str:
    """What the verdict rests on."""
    return (
        "The verdict is judged from the 95 % interval of the growth, paired by replicate, never from the dots. "
        f"{words.closing(result)}"
    )
