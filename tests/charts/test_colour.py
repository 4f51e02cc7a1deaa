"""Colour: groups and arms can be told apart by colour-blind readers and in grey print."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from loopsim.charts.paper import colour
from loopsim.charts.paper.sheet import spread

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB
DEUTERANOPIA = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
PROTANOPIA = np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]])


def lab(rgb):
    linear = np.clip(rgb, 0, 1)
    xyz = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]]) @ linear
    f = np.cbrt(np.maximum(xyz / np.array([0.9505, 1.0, 1.089]), 1e-6))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def linear(ink):
    c = np.array(to_rgb(ink))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize(
    "sight", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["full", "deuteranopia", "protanopia"]
)
@pytest.mark.parametrize("inks", [colour.GROUPS, tuple(colour.ARMS.values())], ids=["groups", "arms"])
def test_colours_are_apart_however_they_are_seen(sight, inks):
    seen = [lab(sight @ linear(ink)) for ink in inks]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 10


def test_groups_differ_in_grey_and_arms_differ_in_dash():
    light = sorted(colour.lightness(ink) for ink in colour.GROUPS)
    assert min(np.diff(light)) > 5
    assert abs(colour.lightness(colour.GROUPS[0]) - colour.lightness(colour.GROUPS[1])) > 20
    assert len(set(map(str, colour.DASHES.values()))) == len(colour.ARMS)


def test_an_arm_of_ones_own_never_has_the_colour_of_another():
    arms = ["loop", "one", "two", "no_model", "three"]
    assert len({colour.of_arm(a, arms) for a in arms}) == len(arms)


def test_labels_that_would_lie_on_each_other_are_moved_apart_in_order():
    placed = spread([1.0, 1.0, 1.01, 5.0], 0.5)
    assert min(np.diff(sorted(placed))) > 0.499
    assert placed[2] == max(placed[:3]) and placed[3] == 5.0


def test_labels_stay_within_their_panel_and_apart():
    placed = spread([0.1, 0.1, 0.1, 9.0], 0.5, (0.0, 2.0))
    assert min(np.diff(placed)) > 0.499
    assert placed[0] >= -1e-9 and placed[-1] <= 2.0 + 1e-9
