"""Gallery: what is committed in results/ is whole, small, and what one command makes."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from loopsim.study import store

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
SMALL = [
    "city.rows=14", "city.cols=14", "city.residents=2000", "days=84", "history_days=56", "measure_days=28",
    "prediction.window_days=56", "allocation.k=6", "allocation.budget=40", "replicates=2", "world.stop_rate=0.5",
]  # fmt: skip


@pytest.fixture(scope="module")
def make():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("results_make", RESULTS / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pictures(page: Path) -> list[tuple[str, Path]]:
    """(alternative text, file) of every picture of a page."""
    found = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text("utf-8"))
    return [(alt, page.parent / file) for alt, file in found]


def test_one_command_makes_every_file_of_the_gallery(make, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_show", lambda result, folder: None)
    monkeypatch.setattr("loopsim.study.sweep.show.show", lambda result: [])
    runs = {name: make.RUNS[name] for name in ("twin_cities", "dose")}
    monkeypatch.setattr(make, "RUNS", runs)
    make.make(tmp_path, SMALL)
    stems = [f"{name}-{kind}" for name, (_, _, kinds) in runs.items() for kind in kinds]
    assert sorted(p.name for p in (tmp_path / "gallery" / "runs").iterdir()) == sorted(
        f"{stem}.{kind}" for stem in stems for kind in ("csv", "png")
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["README.md", "gallery"]
    assert [file.stem for _, file in pictures(tmp_path / "README.md")] == stems


def test_the_committed_gallery_is_what_the_command_would_write(make):
    stems = [f"{name}-{kind}" for name, (_, _, kinds) in make.RUNS.items() for kind in kinds]
    shown = pictures(RESULTS / "README.md")
    assert [file.stem for _, file in shown] == stems
    assert all(re.search(r"\d", alt) and Image.open(file).width == 1440 for alt, file in shown)
    named = {f"{stem}.{kind}" for stem in stems for kind in ("csv", "png")}
    assert {p.name for p in (RESULTS / "gallery" / "runs").iterdir()} == named
    assert sum(p.stat().st_size for p in (RESULTS / "gallery").rglob("*") if p.is_file()) < 1_500_000


def test_the_readme_shows_three_pictures_of_the_gallery_with_alternative_text():
    shown = pictures(ROOT / "README.md")
    assert len(shown) == 3
    assert all(alt and file.is_file() and file.parent == RESULTS / "gallery" / "runs" for alt, file in shown)


def test_git_keeps_the_gallery_and_nothing_else_of_the_results():
    def ignored(name):
        return subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, timeout=60).returncode == 0

    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    assert ignored("results/twin_cities/summary.csv") and ignored("results/gallery/maps.nc")
    assert not any(map(ignored, ("results/README.md", "results/make.py", "results/gallery/a.png")))
