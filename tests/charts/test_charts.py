"""Charts: every one draws, tells its numbers, refuses in a line, and can be read."""

from __future__ import annotations

import math
import re
from io import BytesIO

import numpy as np
import pytest
import shown
from matplotlib.text import Text
from PIL import Image

from loopsim import Result, charts, load
from loopsim.charts.paper import files
from loopsim.charts.paper.facts import Facts
from loopsim.limits import Refused

OF_RUN = [
    "same_crimes", "compounding", "true_vs_recorded", "who_is_stopped", "self_fulfilling", "channels",
    "hotspots_vs_people", "lock_in", "loop",
]  # fmt: skip
OF_SYSTEMS = ["after_the_ban", "systems"]
OF_SWEEP = ["dose_response", "regimes"]
OF_ANSWERS = ["attribution", "first_and_last", "predictability", "remedies"]
OF_SWEPT_ANSWERS = ["amplification", "apart", "regime_map"]
DOSES = {"bias.level": [0.5, 1.0, 2.0, 4.0]}


def result_for(name):
    if name in OF_ANSWERS:
        return Result.load(shown.answered())
    if name in OF_SWEPT_ANSWERS:
        return shown.a_swept_answer(name)
    if name in OF_SWEEP:
        return shown.a_sweep(DOSES, lambda at: math.log(at["bias.level"]))
    return Result.load(shown.systems() if name in OF_SYSTEMS else shown.default())


EVERY = [*OF_RUN, *OF_SYSTEMS, *OF_SWEEP, *OF_ANSWERS, *OF_SWEPT_ANSWERS]


@pytest.fixture(params=EVERY)
def drawn(request):
    """name, module, result and figure of every chart."""
    result = result_for(request.param)
    return request.param, charts.chart(request.param), result, charts.draw(result, request.param)


def test_every_chart_of_the_folder_is_tested_here():
    assert set(charts.names()) == set(EVERY)
    assert all(about and about[0].islower() for about in charts.names().values())


def off_the_page(figure):
    """What is drawn further out than the page, by more than a few pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(200)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = figure.get_size_inches() * figure.dpi
    found = []
    for part in (*figure.texts, *figure.legends, *(axes for axes in figure.axes if axes.get_visible())):
        box = part.get_tightbbox(canvas.get_renderer())
        if box and box.width and (box.x0 < -3 or box.y0 < -3 or box.x1 > width + 3 or box.y1 > height + 3):
            found.append((part, box, [t.get_text() for t in getattr(part, "texts", [])]))
    return found


def test_no_text_is_smaller_than_nine_points_and_nothing_leaves_the_page(drawn):
    figure = drawn[3]
    assert not off_the_page(figure)
    small = [
        t for t in figure.findobj(Text) if t.get_text().strip() and t.get_fontsize() < 9 and t.get_visible()
    ]
    assert not [t for t in small if not t.get_text().startswith("$")]


def test_the_title_the_caveat_and_the_run_stand_on_every_chart(drawn):
    _, _, result, figure = drawn
    words = " ".join(" ".join(t.get_text() for t in figure.texts).split())
    assert "it measures no real police force" in words
    assert "offends at the same rate by construction" in words
    assert f"seed {result.manifest['seed']}" in words


def test_alt_text_and_caption_are_sentences_and_the_table_is_whole(drawn):
    name, module, result, _ = drawn
    alt, caption = module.alt(result), module.caption(result)
    assert alt.endswith(".") and re.search(r"\d", alt) and "nan" not in alt and "inf " not in alt
    assert caption.endswith(".") and "no real police force" in caption and "loopsim run" in caption
    columns, rows = module.table(result)
    assert rows and all(len(row) == len(columns) for row in rows), name


def test_every_chart_is_the_same_bytes_twice_and_a_card_has_the_size_of_a_card(drawn):
    _, module, result, figure = drawn
    card = Image.open(BytesIO(files.png(module.draw(result), card=True)))
    assert card.size == (1200, 675)
    assert files.svg(figure) == files.svg(module.draw(result))


def test_the_disparity_in_the_alt_text_is_that_of_the_table():
    result = result_for("compounding")
    last = Facts.of(result).last("loop", "patrol_disparity", "orange/blue")
    assert f"{math.exp(last.mean):.2f} times" in charts.chart("compounding").alt(result)
    axes = charts.draw(result, "compounding").axes[0]
    line = next(x for x in axes.lines if x.get_linewidth() == 2.0)
    assert line.get_ydata()[-1] == pytest.approx(math.exp(last.mean))
    assert axes.get_ylim()[0] < 1 < axes.get_ylim()[1]


def test_compared_maps_have_one_scale_and_equal_true_offences():
    figure = charts.draw(result_for("same_crimes"), "same_crimes")
    pictures = [axes.images[0] for axes in figure.axes if axes.images]
    counts = [p for p in pictures if p.get_clim() == (0, 5)]
    assert len(counts) == 6
    np.testing.assert_array_equal(counts[0].get_array(), counts[3].get_array())
    assert (counts[2].get_array() != counts[5].get_array()).any()


def test_bars_of_stops_are_the_table():
    result = result_for("who_is_stopped")
    axes = charts.draw(result, "who_is_stopped").axes[0]
    total = Facts.of(result).last("loop", "stop_rate", "blue").mean
    assert sum(p.get_width() for p in axes.patches[:2]) == pytest.approx(total)


def test_lock_in_shows_every_replicate():
    axes = charts.draw(result_for("lock_in"), "lock_in").axes[0]
    thin = [line for line in axes.lines if line.get_linewidth() == 0.6]
    assert len(thin) == 3
    assert all(np.all(np.diff(line.get_ydata()) >= -1e-4) for line in thin)


def test_the_day_of_the_ban_is_marked_and_patrol_is_even_after_it():
    result = result_for("after_the_ban")
    module = charts.chart("after_the_ban")
    assert module.bans(result) == {"ban": 42}
    axes = charts.draw(result, "after_the_ban").axes[0]
    assert any(list(line.get_xdata()) == [42 / 365] * 2 for line in axes.lines)
    facts = Facts.of(result)
    ends = [facts.last(arm, "patrol_disparity", "orange/blue").mean for arm in ("ban", "no_model", "loop")]
    assert ends[0] == pytest.approx(ends[1]) != ends[2]


def test_a_regime_comes_from_the_verdict_and_not_from_the_number():
    result = shown.a_sweep({**DOSES, "allocation.k": [5, 50]}, lambda at: 0.5)
    for point in result.manifest["points"]:
        point["verdict"]["loop"]["orange/blue"]["regime"] = "undetermined"
    assert "8 undetermined" in charts.chart("regimes").alt(result)
    assert "? not settled: judged" in charts.chart("regimes").caption(result)
    assert "fades, L" not in charts.chart("regimes").caption(result)  # letters that no tile has
    assert {row[-1] for row in charts.chart("regimes").table(result)[1]} == {"undetermined"}


def test_theory_is_a_dashed_line_of_the_table():
    axes = charts.draw(result_for("dose_response"), "dose_response").axes[0]
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 1
    np.testing.assert_allclose(dashed[0].get_ydata(), np.array(DOSES["bias.level"]) ** 1.2)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("after_the_ban", "needs an arm with remedy=ban"),
        ("systems", "at least two arms that differ"),
        ("regimes", "shows a sweep"),
        ("compunding", "did you mean compounding"),
    ],
)
def test_a_chart_without_its_data_is_refused_in_one_line(name, words):
    with pytest.raises(Refused, match=words) as refused:
        charts.draw(result_for("compounding"), name)
    assert len(refused.value.lines) == 1


def test_one_replicate_and_one_arm_are_drawn_without_a_band_and_say_so():
    result = Result.load(shown.folder("replicates=1", "arms=[loop]", name="one"))
    for name in charts.drawable(result):
        figure = charts.draw(result, name)
        assert "nan" not in charts.chart(name).alt(result)
        if name not in ("same_crimes", "hotspots_vs_people", "lock_in", "loop"):
            assert "One replicate: no intervals" in " ".join(
                " ".join(t.get_text() for t in figure.texts).split()
            )
    assert {"compounding", "same_crimes", "lock_in"} <= set(charts.drawable(result))


def test_a_result_that_is_half_written_damaged_or_of_another_version_is_refused(tmp_path):
    def other(manifest):
        manifest["format"] = 1

    with pytest.raises(Refused, match="another version"):
        load(shown.altered(shown.default(), tmp_path / "old", other))
    cut = shown.altered(shown.default(), tmp_path / "cut", lambda m: None)
    (cut / "maps.nc").write_bytes((cut / "maps.nc").read_bytes()[:3000])
    with pytest.raises(Refused, match=r"maps\.nc is damaged"):
        charts.draw(load(cut), "same_crimes")
    (cut / "maps.nc").unlink()
    with pytest.raises(Refused, match=r"needs maps\.nc"):
        charts.draw(load(cut), "lock_in")
    (cut / "summary.csv").write_text((cut / "summary.csv").read_text()[:5000] + "\nloop,1")
    with pytest.raises(Refused, match="is damaged"):
        load(cut)


def test_six_groups_with_long_names_stay_on_the_page():
    groups = (
        "{"
        + ", ".join(f"a group with quite a long name {c}: {0.5 if c == 'a' else 0.1}" for c in "abcdef")
        + "}"
    )
    result = Result.load(
        shown.folder(f"city.groups={groups}", "arms=[loop, no_model]", "days=28", name="six")
    )
    for name in charts.drawable(result):
        figure = charts.draw(result, name)
        assert not off_the_page(figure), name


def test_the_attribution_of_an_experiment_is_drawn_beside_the_channels(tmp_path):
    run = shown.altered(shown.default(), tmp_path / "answered", lambda m: None)
    head = "arm,day,measure,group,mean,lo,hi,replicates\n"
    (run / "answers.csv").write_text(head + "loop,84,channel_share,stop,0.625,0.5,0.75,3\n", "utf-8")
    result = load(run)
    assert len(charts.draw(result, "channels").axes) == 2
    assert "stops, nothing found 62 %" in charts.chart("channels").alt(result).replace("63 %", "62 %")


def test_the_line_of_the_regime_map_is_exponent_times_share_of_one():
    axes = charts.draw(result_for("regime_map"), "regime_map").axes[0]
    share, gamma = next(line for line in axes.lines if line.get_linestyle() == "--").get_data()
    assert np.allclose(share * gamma, 1.0)
    assert {row[-1] for row in charts.chart("regime_map").table(result_for("regime_map"))[1]} == {
        "fades",
        "grows",
    }


def test_charts_of_answers_want_the_answers():
    """The same tables without answers.csv: refused in a line, and not drawn of every run."""
    plain = result_for("compounding")
    for name in OF_ANSWERS:
        assert "answers.csv" in charts.reason(plain, name)
