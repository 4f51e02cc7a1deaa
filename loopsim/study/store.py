"""Store: a result folder appears whole or not at all, and never costs an earlier one.

Everything is written to a folder beside the target and flushed to disk, then swapped in
by renaming. A run that was killed between the two renames is repaired by the next look.
"""

from __future__ import annotations

import json
import os
import shutil
from functools import lru_cache
from pathlib import Path

from loopsim.charts import draw_all
from loopsim.limits import Refused
from loopsim.study import manifest as manifests
from loopsim.study.leftovers import clear_away
from loopsim.study.observer.maps import write_maps
from loopsim.study.result import METRICS, SUMMARY, Result

_QUOTED = frozenset(',"\n\r')
OURS = ("summary.csv", "metrics.csv", "config.yaml", "maps.nc", "manifest.json", "index.html", "figures")
OURS += ("answers.csv",)


def check(out) -> Path:
    """The folder to write to, or Refused if something else is there."""
    out = Path(out).absolute()
    out = out.resolve() if out.is_symlink() else out
    recover(out)
    if out.exists() and not out.is_dir():
        raise Refused(f"out must be a folder, got the file {out}; set out")
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        raise Refused(
            f"out must be new, empty or an earlier result, got {out} with other files in it; set out"
        )
    return out


def write(out, result: Result) -> Path:
    """Write a result; on any failure the folder is as it was before."""
    out = check(out)
    fresh = out.with_name(f".{out.name}.new-{os.getpid()}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        _fill(fresh, result)
        _swap(fresh, out)
    except OSError as error:
        raise Refused(f"cannot write results to {out}: {error.strerror or error}; set out") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    result.path = out
    return out


def recover(out: Path) -> None:
    """Finish or undo a swap that was cut short, and clear away what killed runs left."""
    clear_away(out)
    old = _old(out)
    if not old.is_dir():
        return
    if out.is_dir() and (out / "manifest.json").is_file():
        _keep_foreign(old, out)
        shutil.rmtree(old, ignore_errors=True)
    elif not out.exists():
        os.rename(old, out)


def _swap(fresh: Path, out: Path) -> None:
    old = _old(out)
    if out.is_dir():
        os.rename(out, old)
    try:
        os.rename(fresh, out)
    except OSError:
        if old.is_dir():
            os.rename(old, out)
        raise
    sync_folder(out.parent)
    recover(out)


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _keep_foreign(old: Path, out: Path) -> None:
    """Move what a user put into the earlier folder."""
    for item in old.iterdir():
        if item.name not in OURS and not (out / item.name).exists():
            os.rename(item, out / item.name)


def _fill(folder: Path, result: Result) -> None:
    import yaml

    write_csv(folder / "summary.csv", SUMMARY, result.summary_rows)
    write_csv(folder / "metrics.csv", METRICS, result.metric_rows(), digits=7)
    text = yaml.safe_dump(result.config, sort_keys=False, allow_unicode=True, width=100)
    _text(folder / "config.yaml", text)
    city = next(iter(result.cities.values()))
    write_maps(str(folder / "maps.nc"), city, result.observed)
    _show(result, folder)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    for path in files:
        _sync(path)
    result.manifest["files"] = {str(p.relative_to(folder).as_posix()): manifests.checksum(p) for p in files}
    _text(folder / "manifest.json", json.dumps(result.manifest, indent=1, ensure_ascii=False) + "\n")
    _sync(folder / "manifest.json")
    sync_folder(folder)


def _show(result: Result, folder: Path) -> None:
    """Charts and page. A chart that fails must not cost the numbers: it is noted, and can be drawn again."""
    from loopsim.report import page

    try:
        shown = _shown(result, folder)
        draw_all(shown, folder / "figures")
        page.save(page.html(shown, folder), folder / "index.html")
    except (OSError, Refused):
        raise
    except Exception as error:
        told = f"charts and page are not complete ({type(error).__name__}: {error}); run loopsim report"
        result.manifest["notes"] = [*result.manifest.get("notes", []), told]


def _shown(result: Result, folder: Path) -> Result:
    """The result as the charts see it: its tables, and the maps in the new folder."""
    return Result(
        manifest=result.manifest, config=result.config, summary_rows=result.summary_rows, path=folder
    )


def write_csv(path: Path, columns, rows, digits: int = 10) -> None:
    """Comma-separated, floats with ten digits, undefined values empty: same rows, same bytes."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n")
        for row in rows:
            file.write(line_of(row, digits))


def line_of(row, digits: int = 10) -> str:
    """One row as a line of a CSV file."""
    return ",".join([cell(v, digits) for v in row]) + "\n"


@lru_cache(maxsize=8192)
def start_of(*words) -> str:
    """The first cells of a row, without the comma after them: points of a sweep share them."""
    return ",".join(map(cell, words))


def cell(value, digits: int = 10) -> str:
    """One value of a CSV file; NaN is empty."""
    if isinstance(value, float):
        return "" if value != value else f"{value + 0.0:.{digits}g}"
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if not _QUOTED.isdisjoint(text) else text


def _text(path: Path, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _sync(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Flush the names in a folder to disk, where the system can."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return  # some systems cannot open a folder; the files themselves are flushed
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
