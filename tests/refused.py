"""What composing refuses, in lines.

from refused import SMALL, refusal
"""

from __future__ import annotations

import pytest

from loopsim.limits import Refused
from loopsim.study.compose import compose

SMALL = (
    "city.rows=8", "city.cols=8", "city.residents=1000", "days=28", "history_days=28", "prediction.window_days=28",
    "allocation.k=4",
)  # fmt: skip


def refusal(*lines, **more) -> list[str]:
    with pytest.raises(Refused) as refused:
        compose([*SMALL, *lines], **more)
    assert all("\n" not in line and "Traceback" not in line for line in refused.value.lines)
    return refused.value.lines
