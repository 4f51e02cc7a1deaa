"""Style: one palette, one footer, one way to read the table."""

from __future__ import annotations

from matplotlib.figure import Figure

# Okabe & Ito (2008), safe for colour-blind readers; in order of lightness for grey print.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
ARMS = {"loop": "#D55E00", "clean_start": "#0072B2", "frozen": "#009E73", "no_model": "#595959"}
DASHES = {"loop": "-", "clean_start": (0, (5, 1.5)), "frozen": (0, (1, 1)), "no_model": (0, (4, 1, 1, 1))}
CAVEAT = "A simulated city where all offend alike by construction: this measures no real police force."


def sheet(width: float, height: float, title: str, result) -> Figure:
    """An empty figure with a title, and a footer that says what it is and which run made it."""
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    figure.get_layout_engine().set(rect=(0.01, 0.07, 0.98, 0.92))
    figure.suptitle(title, fontsize=13, x=0.015, ha="left", weight="bold")
    m = result.manifest
    run = (
        f"{m['scenario']}, {m['replicates']} replicates, seed {m['seed']}, config {str(m['config_hash'])[:8]}"
    )
    figure.text(
        0.015,
        0.012,
        f"{CAVEAT}\nBars and bands: 95 % intervals over replicates. Run: {run}.",
        fontsize=9,
        color="#404040",
    )
    return figure


def rows(result, arm: str, measure: str, group: str | None = None) -> list[tuple]:
    """(day, group, mean, lo, hi) of one measure of one arm, by day."""
    found = [
        (day, g, mean, lo, hi)
        for a, day, m, g, mean, lo, hi, _ in result.summary_rows
        if a == arm and m == measure and group in (None, g)
    ]
    return sorted(found, key=lambda row: row[0])


def colour_of(arm: str, arms: list[str]) -> str:
    """Colour of an arm: the four usual ones keep theirs."""
    return ARMS.get(arm, COLOURS[arms.index(arm) % len(COLOURS)])


def bare(axes) -> None:
    """No box, light grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9)
