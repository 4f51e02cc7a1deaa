"""Channels: through which way into the records the disparity comes."""

from __future__ import annotations

import math

from loopsim.charts.paper import colour, words
from loopsim.charts.paper.bars import end_ticks, whisker
from loopsim.charts.paper.facts import Facts
from loopsim.charts.paper.sheet import LABEL, SMALL, bare, plain_ratios, sheet

NEEDS = ("summary.csv",)
ALL = {"": "all recorded crime", **{f"_{c}": text for c, text in words.CHANNELS.items()}}


def reason(result) -> str | None:
    """Needs the disparity of records by channel."""
    return None if Facts.of(result).has("record_disparity_report") else "needs record_disparity by channel"


def _arm(facts) -> str:
    """The loop, else the last arm: an experiment over sets of channels ends with the full one."""
    return "loop" if "loop" in facts.arms else facts.arms[-1]


def _disparities(result) -> list:
    """(channel, Figure) of the widest pair in the loop, where they are defined."""
    facts = Facts.of(result)
    arm = _arm(facts)
    found = [(text, facts.last(arm, f"record_disparity{name}", facts.pair)) for name, text in ALL.items()]
    return [(text, f) for text, f in found if f]


def _shares(result) -> list:
    """(channel, Figure) of the share of the disparity each channel carries; empty without attribution."""
    facts = Facts.of(result)
    attributed = facts.arms_with("channel_share")  # an experiment may attribute what all its arms show
    arm = "loop" if "loop" in attributed else next(iter(attributed), None)
    found = [(text, facts.last(arm, "channel_share", c)) for c, text in words.CHANNELS.items()]
    return [(text, f) for text, f in found if f]


def draw(result):
    """Left: records per head by channel, as a ratio. Right, where it was attributed: what each channel carries."""
    facts, found, shares = Facts.of(result), _disparities(result), _shares(result)
    fig = sheet(
        result,
        "Which records carry the disparity?",
        f"Records per resident, {words.short(facts.pair.replace('/', ' against '), 40)}: ratio, log scale, last period, "
        f"{words.arm(_arm(facts), 44)}.",
        2.0 + 0.34 * len(ALL),
    )
    axes = fig.subplots(1, 2 if shares else 1, squeeze=False)[0]
    _ratios(axes[0], found)
    if shares:
        _carried(axes[1], shares)
        axes[0].set_title("disparity of each channel", fontsize=LABEL, weight="bold", loc="left")
    return fig


def _ratios(axes, found) -> None:
    plain = [(t, f._replace(**{k: math.exp(getattr(f, k)) for k in ("mean", "lo", "hi")})) for t, f in found]
    ends = [v for _, f in plain for v in (f.mean, f.lo, f.hi) if math.isfinite(v) and v > 0]
    low, high = min(0.8, *ends), max(1.25, *ends)
    axes.axvline(1.0, color=colour.INK, linewidth=1.0)
    for i, (_, f) in enumerate(plain):
        whisker(axes, f, i)
        axes.plot(f.mean, i, "o", color=colour.INK if i == 0 else colour.ARMS["loop"], markersize=7)
        at = f.hi if math.isfinite(f.hi) else f.mean
        axes.annotate(
            f"{f.mean:.2f}×", (at, i), (7, 0), textcoords="offset points", fontsize=SMALL, va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(low / 1.08, high * (high / low) ** 0.22)
    plain_ratios(axes.xaxis, low, high)
    axes.set_yticks(range(len(plain)), [t for t, _ in plain])
    axes.set_ylim(len(plain) - 0.4, -0.6)
    bare(axes, "x")


def _carried(axes, shares) -> None:
    ends = [v for _, f in shares for v in (f.mean, f.lo, f.hi) if math.isfinite(v)]
    low, high = 100 * min(0.0, *ends), 100 * max(0.0, *ends)
    for i, (_, f) in enumerate(shares):
        f = f._replace(mean=100 * f.mean, lo=100 * f.lo, hi=100 * f.hi)
        axes.barh(i, f.mean, height=0.6, color="#8A8A8A")
        whisker(axes, f, i)
        at = max(f.hi if math.isfinite(f.hi) else f.mean, 0)
        axes.annotate(
            f"{words.number(f.mean, 0)} %",
            (at, i),
            (5, 0),
            textcoords="offset points",
            fontsize=SMALL,
            va="center",
        )
    axes.set_xlim(low * 1.05, high * 1.25 or 1)
    end_ticks(axes, high)
    axes.set_yticks(range(len(shares)), [t for t, _ in shares])
    axes.set_ylim(len(shares) - 0.4, -0.6)
    axes.set_title("share it carries, %", fontsize=LABEL, weight="bold", loc="left")
    bare(axes, "x")


def table(result):
    """Ratio by channel, and what it carries."""
    shares = dict(_shares(result))
    rows = [(t, words.ratio(f)) for t, f in _disparities(result)]
    if not shares:
        return ("channel", "records per resident, ratio"), rows
    rows = [(t, told, words.estimate(shares.get(t), 100, 0) if t in shares else "") for t, told in rows]
    return ("channel", "records per resident, ratio", "share of the disparity carried, %"), rows


def alt(result) -> str:
    """The ratio of every channel."""
    parts = [f"{t} {words.ratio(f)}" for t, f in _disparities(result)]
    carried = [f"{t} {words.number(100 * f.mean, 0)} %" for t, f in _shares(result)]
    more = f" Share of the patrol disparity carried: {words.listed(carried)}." if carried else ""
    return f"Dots of records per resident by channel, {Facts.of(result).pair}: {words.listed(parts)}.{more}"


def caption(result) -> str:
    """What to look for."""
    how = (
        " The right side attributes the disparity of patrol to channels by Shapley values: what it loses, on average, "
        "when a channel is hidden from the model."
        if _shares(result)
        else ""
    )
    return (
        "Victims' reports follow offences, which are equal; stops, searches and intelligence follow patrols. Ratios are "
        f"by where people live.{how} {words.closing(result)}"
    )
