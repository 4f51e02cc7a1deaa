"""The town behind the sliders: a `CityModel` of residents and officers with few, plain knobs."""

from __future__ import annotations

import numpy as np

from loopsim.mesa_model import CityModel
from loopsim.study.compose import compose

SCENARIO = "classroom"
ALLOCATIONS = ("top_cells", "sampled", "proportional", "uniform")
MODELS = ("kde", "count", "population", "uniform")
EVIDENCE = {"everything": "nothing", "reports only": "reports_only"}
FOLLOWED = ("true_rate", "recorded_rate", "stop_rate", "patrol_exposure")


class Town(CityModel):
    """One future of a small town of agents, as the sliders set it.

    Parameters
    ----------
    bias : float, patrol-hours per head before day 0, smallest group against the others
    segregation : float, dissimilarity index
    reporting : float, multiplies the share of offences that victims report, at most to 1
    stops : float, stops per 100 officer-hours
    hotspots : int, cells that share the patrol, where the allocation takes such a number
    allocation, prediction : names of options
    evidence : "everything" or "reports only", what the model is shown
    seed : int, which town and which future
    overrides : list of "key=value" on top

    Attributes
    ----------
    past : list of (day, {name: (G,) float}) of every step so far
    totals : {layer: (n,) float} since day 0

    **Special cases**
    `reporting=0`: nobody reports; patrol alone writes the records.
    """

    def __init__(
        self, *, bias=2.0, segregation=0.64, reporting=1.0, stops=1.65, hotspots=45, allocation="top_cells",
        prediction="kde", evidence="everything", seed=1, overrides=(),
    ):  # fmt: skip
        asked = [
            "world=agents", f"bias.level={bias}", f"city.segregation={segregation}",
            f"world.stop_rate={stops / 100}", f"prediction={prediction}", f"allocation={allocation}",
            f"remedy={EVIDENCE[evidence]}", *_reported(reporting), *overrides,
        ]  # fmt: skip
        asked += [f"allocation.k={hotspots}"] if allocation == "top_cells" else []
        super().__init__(SCENARIO, seed=int(seed), overrides=asked)
        self.past: list[tuple[int, dict]] = []
        self.totals = {name: np.zeros(self.city.grid.n) for name in ("offences", "recorded", "patrol")}

    def step(self):
        """One turn, and what a reader of the charts wants to keep of it."""
        before = self.day
        super().step()
        days = {"offences": 1, "recorded": 1, "patrol": self.day - before}
        for name, total in self.totals.items():
            total += self.maps[name] * days[name]
        self.past.append((self.day, {name: np.array(getattr(self, name)) for name in FOLLOWED}))

    @property
    def beats(self) -> list[np.ndarray]:
        """Cells of each officer's last round."""
        from loopsim.world.agents import Officer

        officers = self.loop.world.models[0].agents_by_type[Officer]
        return [np.array([cell for cell, _ in officer.round], dtype=int) for officer in officers]


def usual() -> dict:
    """Slider -> the scenario's own value."""
    setup = next(iter(compose(["arms=[loop]"], scenario=SCENARIO).setups.values()))
    return {
        "bias": setup.bias.level,
        "segregation": setup.city.segregation,
        "reporting": 1.0,
        "stops": round(100 * setup.world.stop_rate, 2),
        "hotspots": setup.allocator.k,
        "allocation": setup.names["allocation"],
        "prediction": setup.names["prediction"],
        "evidence": "everything",
        "seed": setup.run.seed,
    }


def _reported(factor: float) -> list[str]:
    """Overrides that multiply the reported share of every offence type."""
    if factor == 1:
        return []
    acts = next(iter(compose(["arms=[loop]"], scenario=SCENARIO).setups.values())).world
    rows = acts.offences.items()
    return [f"world.offences.{name}.reported={min(1.0, row['reported'] * factor):.6g}" for name, row in rows]
