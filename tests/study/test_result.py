"""Observer, result, store and words on an invented run that needs no world."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from loopsim.city.city import City
from loopsim.limits import Refused
from loopsim.records.kinds import CHANNELS
from loopsim.records.legacy import Bias
from loopsim.records.page import Page
from loopsim.study import store
from loopsim.study.observer.observe import Observer
from loopsim.study.result import Result, _thinned
from loopsim.study.words import tell

DAYS, REFIT, BUDGET = 70, 7, 12.0


@pytest.fixture
def city(make_grid):
    grid = make_grid(5, 6)
    residents = np.random.default_rng(2).integers(0, 30, (30, 2))
    return City(grid=grid, groups=("blue", "orange"), residents=residents)


def a_turn(day, replicates, kinds, city, growth):
    """Replicate r's own invented week: patrol on cell r and, ever more, on cell 29."""
    n, numbers = city.grid.n, np.asarray(replicates)
    plan = np.zeros((numbers.size, n))
    page = Page.blank(numbers.size, 40)
    page.first, page.days = day, REFIT
    offences = np.zeros((numbers.size, n), np.int32)
    tally = np.zeros((numbers.size, 2, len(kinds)), np.int64)
    for i, r in enumerate(numbers):
        rng = np.random.default_rng([int(r), day])
        plan[i, r % 5], plan[i, 29] = BUDGET / 2 - growth * day, BUDGET / 2 + growth * day
        offences[i] = rng.poisson(2.0, n)
        page.count[i] = 20 + r % 3
        page.cell[i], page.kind[i] = rng.integers(0, n, 40), rng.integers(0, len(kinds), 40)
        tally[i] = rng.integers(0, 9, (2, len(kinds)))
    truth = SimpleNamespace(
        offences=offences, offences_by_group=np.full((numbers.size, 2, 2), 70), tally=tally
    )
    now = SimpleNamespace(day=day, days=REFIT)
    wide = np.broadcast_to(plan[:, None, :], (numbers.size, REFIT, n))
    return SimpleNamespace(now=now, risk=np.ones((numbers.size, n)), plan=wide, truth=truth, page=page)


def watch(city, kinds, replicates, growth=0.05, measure_days=28):
    observer = Observer(city, kinds, BUDGET, DAYS, measure_days, np.asarray(replicates), refit_days=REFIT)
    observer.history(SimpleNamespace(pages=[]), np.full(30, BUDGET / 30))
    for day in range(0, DAYS, REFIT):
        observer.see(a_turn(day, replicates, kinds, city, growth))
    return observer.finish()


def a_result(city, kinds, replicates=6, arms=("loop", "frozen"), growth=0.05):
    seen = {a: watch(city, kinds, range(replicates), growth if a == "loop" else 0.0) for a in arms}
    run = SimpleNamespace(seed=1, days=DAYS, replicates=replicates)
    setup = SimpleNamespace(
        run=run, bias=Bias(level=2.0, how="patrol", where="orange", days=None, crime_types={}), remedy=None
    )
    study = SimpleNamespace(
        scenario="invented", title="t", shared={"days": DAYS, "out": "x"}, arms=dict.fromkeys(arms, ()),
        setups=dict.fromkeys(arms, setup),
    )  # fmt: skip
    return Result.from_observations(study, seen, dict.fromkeys(arms, city), seconds=(1.0, 1.0))


def test_the_observer_measures_what_the_definitions_say(city, kinds):
    seen = watch(city, kinds, [0])
    rows = {key: (seen.a[i, 0], seen.b[i, 0]) for i, key in enumerate(seen.keys)}
    people = city.residents / city.residents.sum(axis=0)
    expected = BUDGET / 2 * (people[0] + people[29])
    assert rows[0, "patrol_disparity", "orange/blue"] == pytest.approx((expected[1], expected[0]))
    offences = sum(a_turn(d, [0], kinds, city, 0.05).truth.offences for d in range(0, 28, 7))
    assert rows[28, "hit_rate_truth", "all"] == (offences[0, [0, 29]].sum(), offences.sum())
    assert rows[28, "pai_truth", "all"][1] == pytest.approx(2 / 30)
    page = a_turn(0, [0], kinds, city, 0.05).page
    crime = kinds.is_crime[page.kind[0, : page.count[0]]]
    first = seen.frames["recorded"][0].ravel()
    np.testing.assert_array_equal(first, np.bincount(page.cell[0, : page.count[0]][crime], minlength=30))
    assert {f"record_disparity_{c}" for c in CHANNELS} <= {k[1] for k in seen.keys}


@pytest.mark.parametrize("measure_days, ends", [(28, [28, 56, 70]), (49, [70]), (500, [70])])
def test_a_last_stub_shorter_than_half_a_period_is_merged(city, kinds, measure_days, ends):
    seen = watch(city, kinds, [0], measure_days=measure_days)
    assert sorted({day for day, measure, _ in seen.keys if measure == "true_rate"}) == ends


def test_replicates_give_the_same_numbers_however_they_are_cut_into_chunks(city, kinds):
    whole = watch(city, kinds, range(5))
    parts = [watch(city, kinds, c) for c in ([3, 4], [0], [1, 2])]
    joined = type(whole).joined(parts)
    for name in ("a", "b", "pseudo", "replicates"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))
    for name, total in whole.total_maps.items():
        np.testing.assert_array_equal(joined.total_maps[name], total)
    np.testing.assert_array_equal(joined.frames["patrol"], whole.frames["patrol"])


def test_no_number_of_a_result_is_infinite(city, kinds):
    numbers = [v for row in a_result(city, kinds).summary_rows for v in row[4:7]]
    assert not np.isinf(numbers).any() and len(numbers) > 300


def test_contrasts_are_paired_and_absent_without_the_other_arm(city, kinds):
    both = a_result(city, kinds).summary()
    last = both[
        (both.measure == "feedback_adds") & (both.day == both.day[both.measure == "feedback_adds"].max())
    ]
    level = both[(both.measure == "patrol_disparity") & (both.day == int(last.day.iloc[0]))].set_index("arm")[
        "mean"
    ]
    assert last["mean"].iloc[0] == pytest.approx(level["loop"] - level["frozen"])
    assert both.query("measure == 'feedback_adds' and day == 0")["hi"].iloc[0] == pytest.approx(0, abs=1e-12)
    assert "feedback_adds" not in set(a_result(city, kinds, arms=("loop",)).summary().measure)


def test_a_frozen_disparity_locks_in_and_one_replicate_decides_nothing(city, kinds):
    assert a_result(city, kinds).verdict["frozen"]["orange/blue"]["regime"] == "locks in"
    assert a_result(city, kinds, replicates=1).verdict["frozen"]["orange/blue"]["regime"] == "undetermined"


def test_a_written_result_reads_back_and_same_input_gives_the_same_bytes(city, kinds, tmp_path):
    one, two = (store.write(tmp_path / name, a_result(city, kinds)) for name in ("one", "two"))
    for name in ("summary.csv", "metrics.csv", "config.yaml", "maps.nc"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    back = Result.load(one)
    assert back.verdict == a_result(city, kinds).verdict and back.groups == ["blue", "orange"]
    assert len(back.metrics()) == len(list(a_result(city, kinds).metric_rows()))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "two"]


def test_a_disk_that_fills_leaves_the_earlier_result_as_it_was(city, kinds, tmp_path, monkeypatch):
    out = store.write(tmp_path / "run", a_result(city, kinds))
    before = {p.name: p.read_bytes() for p in out.rglob("*") if p.is_file()}

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "write_maps", full)
    with pytest.raises(Refused, match="No space left"):
        store.write(out, a_result(city, kinds, growth=0.01))
    assert {p.name: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_run_killed_between_the_two_renames_is_repaired(city, kinds, tmp_path):
    out = store.write(tmp_path / "run", a_result(city, kinds))
    out.rename(tmp_path / ".run.old")
    store.check(out)
    assert (out / "summary.csv").is_file() and not (tmp_path / ".run.old").exists()


def test_a_users_own_file_in_an_old_result_survives_the_next_one(city, kinds, tmp_path):
    out = store.write(tmp_path / "run", a_result(city, kinds))
    (out / "notes.txt").write_text("mine")
    store.write(out, a_result(city, kinds, growth=0.01))
    assert (out / "notes.txt").read_text() == "mine" and not (tmp_path / ".run.old").exists()


def test_a_folder_that_is_not_a_result_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Refused, match="set out"):
        store.check(tmp_path)
    with pytest.raises(Refused, match="must be a folder"):
        store.check(tmp_path / "thesis.txt")
    with pytest.raises(Refused, match="not a loopsim result"):
        Result.load(tmp_path)


@pytest.mark.parametrize("width", [60, 80])
def test_the_words_fit_the_terminal_and_say_the_regime_and_the_caveat(city, kinds, width, tmp_path):
    result = a_result(city, kinds)
    result.path = Path("results/invented")
    told = tell(result, width)
    assert max(map(len, told.splitlines())) <= width
    for words in (
        "locks in",
        "leverage",
        "feedback adds",
        "no real",
        "results/invented",
        "no further action",
    ):
        assert words in " ".join(told.split())


def test_the_words_say_what_one_replicate_and_one_arm_cannot_show(city, kinds):
    told = tell(a_result(city, kinds, replicates=1, arms=("loop",)))
    assert "intervals and regimes are not available" in told and "contrasts are not available" in told
    assert "nan" not in told and "inf" not in told.replace("information", "")


def test_concentration_is_read_replicate_by_replicate(city, kinds):
    """Every replicate sends half its patrol to a cell of its own: the mean city would hide that."""
    seen = watch(city, kinds, range(4), growth=0.0)
    assert seen.ranks[0] == 1 and seen.ranks[-1] == 30
    two = np.flatnonzero(seen.ranks == 2)[0]
    np.testing.assert_allclose(seen.curves["patrol_curve"][:, two], 1.0)
    np.testing.assert_allclose(seen.curves["held_curve"][:, two], 1.0)
    assert (seen.total_maps["patrol"] > 0).sum() == 5


def test_a_long_series_is_thinned_by_replicate_but_not_in_the_summary():
    keys = [(day, "patrol_disparity", "x/y") for day in range(105)] + [(7, "true_rate", "x")]
    kept = _thinned(keys)
    assert len(kept) == 15 and {keys[0], keys[104], keys[105]} <= kept
