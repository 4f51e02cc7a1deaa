"""Urn laws: closed forms against the kernel, and the kernel against what the authors' code gave."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, kstest, poisson

from loopsim.theory import polya
from loopsim.theory.urn import WIDE, _tables, shares

pytestmark = pytest.mark.theory
TOP = (3.68511, 2.816466)  # finds a visit in Top1 and Top2, Ensign et al. 2018


@pytest.mark.parametrize("start", [(1, 1), (5, 1), (2, 3)])
def test_equal_fixed_updates_follow_the_beta_law(start):
    found = shares(seed=1, replicates=1500, days=1500, rates=(1, 1), start=start, fixed=True)
    law = polya.beta_law(start, 1)
    assert kstest(found, "beta", args=law).pvalue > 0.001
    assert polya.final_mean_sd(start, 1) == pytest.approx((start[0] / sum(start), found.std()), rel=0.1)


def test_equal_poisson_updates_keep_the_mean_and_spread_by_one_ball_more():
    found = shares(seed=2, replicates=2000, days=3000, rates=(3, 3), start=(60, 40))
    mean, sd = polya.final_mean_sd((60, 40), 3 + 1)
    assert abs(found.mean() - mean) < 4 * sd / np.sqrt(2000)
    assert found.std() == pytest.approx(sd, rel=0.08)


@pytest.mark.parametrize("told", [0.1, 0.3, 0.5])
def test_a_mixed_urn_settles_at_the_root(told):
    root = polya.mixed_root([[TOP[0], told * TOP[1]], [told * TOP[0], TOP[1]]])
    urns = dict(seed=3, replicates=50, days=4000, rates=TOP, reported=told)
    there = shares(start=(1000 * root, 1000 - 1000 * root), **urns)
    assert abs(there.mean() - root) < 4 * there.std() / np.sqrt(50)
    towards = shares(start=(450, 550), **urns)
    assert abs(towards.mean() - root) < 0.8 * abs(0.45 - root)


def test_the_published_roots():
    roots = [
        polya.mixed_root([[TOP[0], w * TOP[1]], [w * TOP[0], TOP[1]]]) for w in (0.1, 0.2, 0.3, 0.4, 0.5)
    ]
    assert np.allclose(roots, [0.7759, 0.6826, 0.6387, 0.6143, 0.5989], atol=5e-5)


def test_the_root_is_the_truth_only_where_rates_are_equal_or_nothing_is_discovered():
    assert polya.mixed_root([[3, 1.5], [1.5, 3]]) == pytest.approx(0.5)
    assert polya.mixed_root([[2, 1], [2, 1]]) == pytest.approx(2 / 3)


def test_with_decay_and_no_correction_the_busier_place_takes_over_and_the_correction_finds_the_truth():
    plain = shares(seed=4, replicates=400, days=1000, rates=TOP, start=(609, 379), decay=0.01)
    mended = shares(seed=4, replicates=400, days=1000, rates=TOP, start=(609, 379), decay=0.01, correct=True)
    assert abs(plain.mean() - 0.935) < 4 * 0.054 * np.sqrt(2 / 400)
    assert abs(mended.mean() - TOP[0] / sum(TOP)) < 4 * mended.std() / 20
    assert plain.std() == pytest.approx(0.054, rel=0.2)


def test_the_two_cell_rule_is_right_for_two_cells_and_starves_four():
    assert np.allclose(polya.two_cell_rule_share((3, 1)), polya.corrected_share((3, 1)))
    assert np.allclose(polya.two_cell_rule_share((8, 4, 2, 1)), [2 / 3, 1 / 3, 0, 0])
    assert np.allclose(polya.two_cell_rule_share((2, 2, 2)), 1 / 3)


def test_unequal_rates_run_away_slowly_when_they_are_close():
    assert polya.runaway_exponent((2, 1)) == 0.5
    assert [polya.allocation_regime(g) for g in (0.5, 1, 1.5)] == ["fades", "locks in", "runs away"]
    assert polya.thinned(10, 0.3) == pytest.approx(3)


def test_tables_hold_the_chances_of_the_counts():
    word = np.arange(WIDE)

    def chances(table):
        own = (table >> 5) / (2.0**27 - 1)
        found = own / WIDE
        np.add.at(found, table & 31, (1 - own) / WIDE)
        return found

    law = _tables(np.array([3.0]), np.array([-1]))[0]
    assert np.allclose(chances(law), poisson.pmf(word, 3.0), atol=1e-7)
    law = _tables(np.full(2, 0.01), np.array([0, 400]))
    assert np.allclose(chances(law[0]), word == 0, atol=1e-7)
    assert np.allclose(chances(law[1]), binom.pmf(word, 400, 0.01), atol=1e-7)


def test_a_seed_gives_the_same_urns_however_many_follow():
    few, many = (shares(seed=5, replicates=n, days=50, rates=TOP, start=(9, 7), decay=0.01) for n in (3, 700))
    assert (few == many[:3]).all()
    assert (few != shares(seed=6, replicates=3, days=50, rates=TOP, start=(9, 7), decay=0.01)).any()


@pytest.mark.parametrize(("rates", "decay"), [((8, 1), 0.0), ((1, 1), 1.0)])
def test_what_a_table_cannot_hold_is_refused(rates, decay):
    with pytest.raises(ValueError, match="must be"):
        shares(seed=1, replicates=1, days=1, rates=rates, start=(1, 1), decay=decay)
