"""Acts: the laws of one day, the same for every world and every group.

Offending, reporting, discovery, stops and intelligence (design note: MODEL section 4 in
docs/odd.md). The hazard of an offence type is one number for all residents; whatever
differs between groups in the records comes from where patrols were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from loopsim.limits import Refused, number, validate, words
from loopsim.records.kinds import Kinds

OFFENCE_COLUMNS = ("true_rate", "reported", "discovered", "harm_days", "police_found")
CARRIED_COLUMNS = ("found", "harm_days", "police_found")
_AT_MOST = {"reported": 1.0, "found": 1.0}


@dataclass(frozen=True, kw_only=True)
class Acts:
    """Parameters of a day: the config section `world`.

    Parameters
    ----------
    offences : name -> {true_rate [per 1,000 residents a year], reported [probability],
        discovered [per officer-hour], harm_days, police_found}
    carried : name -> {found [probability per stop], harm_days, police_found}
    others : see `configs/world/acts.yaml`, one line each with unit and source
    """

    offences: Mapping = words()
    carried: Mapping = words()
    stop_rate: float = number(at_least=0, unit="stops per officer-hour")
    intelligence: float = number(at_least=0, at_most=1, unit="(a probability)")
    intelligence_strengths: tuple = words()
    reporting_by_deprivation: float = number(at_least=0, at_most=1, unit="(a share)")
    patrol_raises_reporting: float = number(at_least=0, unit="(a share)")
    hazard_multiplier: Mapping = words()
    stop_bias: Mapping = words()
    label_effect: float = number(at_least=0, unit="(a share)")
    chill: float = number(at_least=0, at_most=1, unit="(a share)")
    journey_m: float = number(at_least=0, unit="m")
    venue_pull: float = number(at_least=0, at_most=1, unit="(a share)")
    venues: tuple = words()
    near_repeat: float = number(at_least=0, at_most=0.95, unit="(a branching ratio)")
    near_repeat_lag_days: float = number(above=0, at_most=60, unit="days")
    near_repeat_spread_m: float = number(at_least=0, unit="m")
    deterrence: float = number(at_least=0, unit="per officer-hour")
    deterrence_half_life_days: float = number(above=0, unit="days")
    diffusion: float = number(at_least=0, at_most=1, unit="(a share)")
    displacement: float = number(at_least=0, at_most=1, unit="(a share)")
    displacement_m: float = number(above=0, unit="m")

    def __post_init__(self):
        validate(self, "world", extra=self._faults())

    def _faults(self):
        if not self.offences:
            yield "world.offences must name at least one offence type, got none; set world.offences"
        yield from _table_faults("world.offences", self.offences, OFFENCE_COLUMNS)
        yield from _table_faults("world.carried", self.carried, CARRIED_COLUMNS)
        found = sum(float(row["found"]) for row in self.carried.values() if _is_number(row.get("found")))
        if not found <= 1:
            yield f"world.carried must have found summing to <= 1, got {found:g}; set world.carried"
        for key in ("hazard_multiplier", "stop_bias"):
            for group, value in getattr(self, key).items():
                if not (_is_number(value) and 0 <= value < 1e6):
                    yield f"world.{key}.{group} must be >= 0, got {value}; set world.{key}.{group}"
        strengths = list(self.intelligence_strengths)
        if not strengths or not all(_is_number(s) and 0 < s <= 1 for s in strengths):
            yield f"world.intelligence_strengths must be numbers in (0, 1], got {strengths}; set world.intelligence_strengths"
        kinds = 2 * len(self.offences) + len(self.carried) + 1 + len(strengths)
        if kinds > 255:
            yield f"world.offences and world.carried must make <= 255 kinds of record, got {kinds}; set world.offences"

    @property
    def kinds(self) -> Kinds:
        """The kinds of record that this world writes."""
        rows = {**self.offences, **self.carried}
        return Kinds(
            offences=tuple(self.offences),
            carried=tuple(self.carried),
            harm={name: float(row["harm_days"]) for name, row in rows.items()},
            police_found=frozenset(name for name, row in rows.items() if row["police_found"]),
            grades=tuple(float(s) for s in self.intelligence_strengths),
        )

    def column(self, table: str, name: str) -> list[float]:
        """One column of `offences` or `carried`, in order."""
        return [float(row[name]) for row in getattr(self, table).values()]

    def weights_of(self, key: str, groups: tuple[str, ...]) -> list[float]:
        """`hazard_multiplier` or `stop_bias` of each group, 1 where none is set."""
        unknown = [g for g in getattr(self, key) if g not in groups]
        if unknown:
            allowed = ", ".join(groups)
            raise Refused(f"world.{key} must name a group ({allowed}), got {unknown[0]}; set world.{key}")
        return [float(getattr(self, key).get(g, 1.0)) for g in groups]


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _table_faults(key, table, columns):
    for name, row in table.items():
        missing = [c for c in columns if c not in row]
        if missing:
            yield f"{key}.{name} must have {', '.join(columns)}, got no {missing[0]}; set {key}.{name}.{missing[0]}"
        for column in set(row) - set(columns):
            yield f"{key}.{name} has no {column}; allowed: {', '.join(columns)}"
        for column in (c for c in columns if c in row and c != "police_found"):
            top = _AT_MOST.get(column, 1e6)
            if not (_is_number(row[column]) and 0 <= row[column] <= top):
                limit = f">= 0 and <= {top:g}"
                yield f"{key}.{name}.{column} must be {limit}, got {row[column]}; set {key}.{name}.{column}"
