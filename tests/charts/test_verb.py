"""`loopsim chart`: files of the right kind, cards, animation, and refusals in a line."""

from __future__ import annotations

import numpy as np
import pytest
import shown
from PIL import Image

from loopsim.cli import main


def test_a_chart_is_written_as_png_svg_and_card(tmp_path, capsys):
    run = str(shown.default())
    for name, more in (("a.png", []), ("a.svg", []), ("card.png", ["--card"])):
        assert main(["chart", run, "--kind", "compounding", "--out", str(tmp_path / name), *more]) == 0
    assert Image.open(tmp_path / "a.png").size[0] == 1440
    assert Image.open(tmp_path / "card.png").size == (1200, 675)
    assert "<svg" in (tmp_path / "a.svg").read_text()[:2000]
    assert "patrol-hours per head" in capsys.readouterr().out


def test_the_loop_is_an_animation_whose_records_pile_up(tmp_path):
    out = tmp_path / "loop.gif"
    assert main(["chart", str(shown.default()), "--kind", "loop", "--out", str(out)]) == 0
    film = Image.open(out)
    assert film.n_frames >= 12
    first = np.asarray(film.convert("RGB"), int)
    film.seek(10)
    assert np.abs(np.asarray(film.convert("RGB"), int) - first).sum() > 10_000


def test_a_film_without_ffmpeg_is_refused_with_what_to_install(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("matplotlib.animation.FFMpegWriter.isAvailable", lambda: False)
    assert main(["chart", str(shown.default()), "--kind", "loop", "--out", str(tmp_path / "l.mp4")]) == 2
    assert "pip install 'loopsim[mp4]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--kind", "nothing"], "no chart nothing"),
        (["--kind", "compounding", "--out", "x.pdf"], "must end in .png or .svg"),
        (["--kind", "loop", "--out", "x.avi"], "must end in .gif or .mp4"),
        (["--kind", "compounding", "--out", "/nowhere/x.png"], "cannot write"),
        (["--kind", "systems"], "needs at least two arms"),
    ],
)
def test_bad_input_is_one_line_and_code_two(args, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["chart", str(shown.default()), *args]) == 2
    told = capsys.readouterr().err
    assert words in told and told.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_charts_are_listed(capsys):
    assert main(["list", "chart"]) == 0
    assert "who_is_stopped" in capsys.readouterr().out
