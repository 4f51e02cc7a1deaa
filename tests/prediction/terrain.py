"""Risk terrain models for tests: three kinds of venue, three layers that the police make."""

from __future__ import annotations

from loopsim.prediction.rtm import Rtm

LAYERS = {
    "drug_calls": {"channels": ["report", "discovery", "search"], "types": ["drug"], "at": "record"},
    "homes": {"channels": ["discovery", "search"], "types": "all", "at": "home"},
    "stops": {"channels": ["stop", "search"], "types": "all", "at": "record"},
}
VENUES = {"bar": "both", "school": "both", "takeaway": "both"}
NEAR_BARS = {"bar": {"rrv": 3.0, "how": "proximity", "reach_m": 150}}


def rtm(**other):
    values = {
        "outcome": "all", "window_days": 60, "layer_days": 60, "factors": VENUES, "police_layers": LAYERS,
        "block_m": 300.0, "blocks": 2, "increment": "half", "density_sd": 2.0, "positive": True,
        "one_per_factor": True, "l1_ratio": 0.5, "folds": 5, "penalties": 12, "weakest": 0.001,
        "refit": True, "table": {},
    }  # fmt: skip
    return Rtm(**values | other)
