"""Colour: one palette for groups, one for arms, one for maps; all tell apart in grey print."""

from __future__ import annotations

# Groups, the reference first. Blue, orange and sky are Okabe & Ito's (2008); lightness differs throughout.
GROUPS = ("#0072B2", "#E69F00", "#3B0F4F", "#8FD3F4", "#8C2D04", "#4DAC7C")
ARMS = {"loop": "#B2220F", "clean_start": "#8467B5", "frozen": "#2A9D8F", "no_model": "#5F5F5F"}
OTHER_ARMS = ("#C77B0A", "#1F4E8C", "#A63D78", "#6B8E23", "#8467B5", "#2A9D8F", "#8C2D04", "#111111")
DASHES = {
    "loop": "-",
    "clean_start": (0, (5, 1.5)),
    "frozen": (0, (1.2, 1.2)),
    "no_model": (0, (5, 1.5, 1, 1.5)),
}
INK, GREY, PALE, RULE = "#1A1A1A", "#555555", "#C9C9C9", "#E3E3E3"
COUNTS = "magma_r"  # offences, records, prediction, patrol: pale is little, dark is much
GROWTH = "PuOr_r"  # fades (purple) against compounds (orange); white is locked in


def of_group(group: str, groups: list[str]) -> str:
    """Colour of a group by its place in the city's list."""
    return GROUPS[groups.index(group) % len(GROUPS)]


def of_arm(arm: str, arms: list[str]) -> str:
    """Colour of an arm: the four usual ones keep theirs."""
    own = [a for a in arms if a not in ARMS]
    return ARMS[arm] if arm in ARMS else OTHER_ARMS[own.index(arm) % len(OTHER_ARMS)]


def people(colour: str):
    """Map colours from near-white to a group's colour: share of residents."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("people", shares(colour))


def shares(colour: str) -> list[str]:
    """Near-white, a colour, and the same colour dark, as hex."""
    dark = "".join(f"{round(0.45 * int(colour[i : i + 2], 16)):02x}" for i in (1, 3, 5))
    return ["#fbfaf7", colour.lower(), f"#{dark}"]


def lightness(colour: str) -> float:
    """CIE L* of a colour, 0 black .. 100 white: what is left of it in grey print."""
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y
