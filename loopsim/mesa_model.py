"""The front door for Mesa users: a city, its police and their model as one `mesa.Model`.

    model = CityModel("twin_cities", bias_level=3, prediction="kde", world="agents")
    model.run_model()
    model.datacollector.get_model_vars_dataframe()

One step is one turn of the loop: predict, patrol, live `refit_days` days, write them down.
Behind the door is the loop that `loopsim run` turns, with one replicate in it.
"""

from __future__ import annotations

import mesa
import numpy as np
from mesa.discrete_space import OrthogonalMooreGrid, PropertyLayer

from loopsim.limits import Refused
from loopsim.measures.disparity import (
    effective_cells,
    group_weights,
    log_ratio,
    patrol_exposure,
    pseudo_exposure,
)
from loopsim.measures.rates import per_1000
from loopsim.study.compose import compose
from loopsim.study.config.overrides import SECTIONS
from loopsim.study.run import open_loop

RATES = ("true_rate", "recorded_rate", "stop_rate")
REPORTED = ("day", *RATES, "patrol_exposure", "patrol_disparity", "record_disparity")
LAYERS = ("people", "offences", "recorded", "risk", "patrol")


class CityModel(mesa.Model):
    """One future of one arm of a scenario.

    Parameters
    ----------
    scenario : a name from `loopsim list scenario`
    arm : a name from `loopsim list arm`
    seed, replicate : int, which of the possible futures; the same as in `loopsim run`
    overrides : list of "key=value", as on the command line
    **changes : the same as keywords; `bias_level=3` is `bias.level=3`

    Attributes
    ----------
    day : int, days lived under the model
    groups : names, in the order of every vector below
    true_rate, recorded_rate, stop_rate : (G,) float, per 1,000 residents a year in the last step
    patrol_exposure : (G,) float, officer-hours a day per resident in the last step
    patrol_disparity, record_disparity : float, log-ratio of the smallest group to the reference

    **Special cases**
    A city of one group has no disparity: both are NaN.
    """

    def __init__(
        self, scenario="twin_cities", *, arm="loop", seed=None, replicate=0, overrides=(), **changes
    ):  # fmt: skip
        asked = [*overrides, f"arms=[{arm}]", *(_as_override(k, v) for k, v in changes.items())]
        asked += [] if seed is None else [f"seed={seed}"]
        self.setup = next(iter(compose(asked, scenario=scenario).setups.values()))
        run = self.setup.run
        super().__init__(rng=[run.seed, replicate])
        self.city = self.setup.city.build(run.seed)
        self.loop = open_loop(self.setup, self.city, np.array([replicate], np.uint32))
        self.groups, self.day = self.city.groups, 0
        self._per_head, _ = group_weights(self.city.residents)
        self._grid, self._layers = None, {}
        self.datacollector = mesa.DataCollector(model_reporters={name: name for name in REPORTED})
        self.running = True

    def step(self):
        """One turn of the loop, then one row of the data collector; past the horizon, nothing."""
        days = min(self.loop.refit_days, self.setup.run.days - self.day)
        if days <= 0:
            return
        turn = self.loop.turn(self.day, days)
        self.day += days
        self._look(turn)
        for name, layer in self._layers.items():
            layer.set_cells(self._map(name))
        self.datacollector.collect(self)
        self.running = self.day < self.setup.run.days

    def _look(self, turn):
        """Read the turn off while it is valid."""
        kinds, days, page = self.loop.ledger.kinds, turn.now.days, turn.page
        written = page.times[0, : page.count[0]] * kinds.is_crime[page.kind[0, : page.count[0]]]
        self.maps = {
            "offences": turn.truth.offences[0].astype(float),
            "recorded": np.bincount(page.cell[0, : page.count[0]], written, self.city.grid.n),
            "risk": np.array(turn.risk[0], dtype=float),
            "patrol": turn.plan[0].mean(axis=0),
        }
        tally, stopped = turn.truth.tally[0], kinds.of_channel("stop") | kinds.of_channel("search")
        self.true_rate = per_1000(turn.truth.offences_by_group[0].sum(axis=1), self.city.people, days)
        self.recorded_rate = per_1000(tally[:, kinds.is_crime].sum(axis=1), self.city.people, days)
        self.stop_rate = per_1000(tally[:, stopped].sum(axis=1), self.city.people, days)
        self.patrol_exposure = patrol_exposure(self.maps["patrol"][None], self._per_head)[0]
        cells, spread = self.city.grid.inside.sum(), effective_cells(self.maps["patrol"][None])
        self.patrol_disparity = self._disparity("patrol", pseudo_exposure(self.loop.budget, spread, cells)[0])
        self.record_disparity = self._disparity("recorded", 0.5 / cells)

    def _disparity(self, name: str, pseudo: float) -> float:
        exposure = patrol_exposure(self.maps[name][None], self._per_head)[0]
        others = np.arange(1, len(self.groups))
        if not others.size:
            return float("nan")
        smallest = others[np.argmin(self.city.people[1:])]
        return float(log_ratio(exposure[smallest], exposure[0], pseudo))

    @property
    def residents(self) -> mesa.agent.AgentSet:
        """The people, where the world is made of agents."""
        if self.setup.names["world"] != "agents":
            raise Refused(f"world must be agents, got {self.setup.names['world']}; set world")
        from loopsim.world.agents import Resident

        return self.loop.world.models[0].agents_by_type[Resident]

    def layer(self, name: str) -> PropertyLayer:
        """`people`, `offences`, `recorded`, `risk` or `patrol` on the map, kept up to date from now on.

        Rows run south, columns east; offences, records and risk are those of the last step.
        """
        if name not in self._layers:
            self._layers[name] = PropertyLayer(name, (self.city.grid.rows, self.city.grid.cols))
            self._layers[name].set_cells(self._map(name))
        return self._layers[name]

    @property
    def grid(self) -> OrthogonalMooreGrid:
        """A Mesa grid that carries every layer; made when first asked for."""
        if self._grid is None:
            size = self.city.grid.rows, self.city.grid.cols
            self._grid = OrthogonalMooreGrid(size, torus=False, random=self.random)
            for name in LAYERS:
                self._grid.add_property_layer(self.layer(name))
        return self._grid

    def _map(self, name: str) -> np.ndarray:
        maps = {"people": self.city.residents.sum(axis=1) * 1.0, **getattr(self, "maps", {})}
        if name not in LAYERS:
            raise Refused(f"a layer must be one of {', '.join(LAYERS)}, got {name}")
        nothing = np.zeros(self.city.grid.n)
        return maps.get(name, nothing).reshape(self.city.grid.rows, self.city.grid.cols)


def _as_override(name: str, value) -> str:
    """`bias_level`, 3 -> "bias.level=3"; a name that starts with no section is a top-level key."""
    section = next((s for s in SECTIONS if name.startswith(f"{s}_")), None)
    key = f"{section}.{name[len(section) + 1 :]}" if section else name
    return f"{key}={_plain(value)}"


def _plain(value) -> str:
    """A Python value in the grammar of the command line."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{k}:{_plain(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_plain, value)) + "]"
    words = {True: "true", False: "false", None: "null"}
    return words[value] if value is None or isinstance(value, bool) else str(value)
