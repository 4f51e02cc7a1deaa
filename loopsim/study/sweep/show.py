"""Sweep show: the figures and the page of a finished sweep, or of a run with answers, in its folder."""

from __future__ import annotations

import os
import shutil

from loopsim.limits import Refused
from loopsim.study.leftovers import clear_away
from loopsim.study.sweep.result import SweepResult


def show(result: SweepResult) -> list[str]:
    """Draw what the sweep can show and write index.html; a fault here is told and costs no number.

    Returns
    -------
    lines for the user, none where all went well
    """
    from loopsim import charts
    from loopsim.report import page

    figures, fresh = result.path / "figures", result.path / f".figures.new-{os.getpid()}"
    try:
        clear_away(figures)
        shutil.rmtree(fresh, ignore_errors=True)
        charts.draw_all(result, fresh)
        shutil.rmtree(figures, ignore_errors=True)
        os.rename(fresh, figures)
        page.write(result.path)
    except OSError as error:
        raise Refused(f"cannot write figures to {result.path}: {error.strerror or error}; set out") from None
    except Exception as error:
        return [f"charts and page are not complete ({type(error).__name__}: {error}); run loopsim report"]
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return []


def add(result) -> list[str]:
    """Draw what the answers of a run add to its figures, and write its page again; as `show`."""
    from loopsim import charts
    from loopsim.charts.paper import files
    from loopsim.report import page

    try:
        for name in charts.drawable(result):
            if "answers.csv" in charts.chart(name).NEEDS:
                figure = charts.draw(result, name)
                for ending in files.FORMATS:
                    files.save(figure, result.path / "figures" / f"{name}{ending}")
        page.write(result.path)
    except Refused:
        raise
    except Exception as error:
        return [f"charts and page are not complete ({type(error).__name__}: {error}); run loopsim report"]
    return []
