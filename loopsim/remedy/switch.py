"""Switch: from a day on, any stage of the police is another one."""

from __future__ import annotations

from dataclasses import dataclass

from loopsim.limits import number, validate, words
from loopsim.records.evidence import Evidence
from loopsim.stages import Now


@dataclass(frozen=True, kw_only=True)
class Switch:
    """Change the configuration on a day: a reform, a new system, another remedy.

    The changes are overrides as on the command line. They take effect at the first refit
    on or after `from_day`, and the ledger goes on: new stages inherit the old records, not
    what the old model had learnt; where feedback is cut, the records of before day 0. The
    city, its world and the budget stay, so that before and after can be compared.

    Parameters
    ----------
    from_day : int
        Day of the change; day 0 is the first day of the simulation.
    changes : list of str
        Overrides of prediction, allocation, remedy or evidence, as
        `prediction=population` or `allocation.gamma=0.5`.

    **Special cases**

    - No changes, or `from_day` past the end: nothing changes.

    **What it does to the loop**: whatever the new stages do; the records of the old ones stay
    in the window of the evidence until they leave it.
    """

    from_day: int = number(at_least=0, unit="days")
    changes: object = words()

    def __post_init__(self):
        validate(self, extra=self._faults())

    def _faults(self):
        if isinstance(self.changes, str) or not hasattr(self.changes, "__iter__"):
            yield f"remedy.changes must be a list of overrides, got {self.changes}; set remedy.changes"
            return
        rooms = ("prediction", "allocation", "remedy", "evidence")
        for change in self.changes:
            key, equals, _ = str(change).partition("=")
            if not equals or key.split(".")[0] not in rooms:
                allowed = "an override of " + ", ".join(rooms)
                yield f"remedy.changes must hold {allowed}, got {change}; set remedy.changes"

    def __call__(self, evidence: Evidence, now: Now) -> Evidence:
        """The evidence as it is: the loop changes its own stages."""
        return evidence
