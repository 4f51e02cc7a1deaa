"""Register: what is known of each prediction system that can be simulated, and what is not.

One YAML file a system, in `configs/register/`, named as its predictor: what the system is
for, how it works, which of its data police make, what it decides, what is public about it,
what was found about it and by whom, and what the simulator had to assume.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from loopsim.limits import Refused, nearest
from loopsim.records.kinds import CHANNELS, PATROL_CHANNELS
from loopsim.study.config import catalogue

ROOM = "register"
FIELDS = (
    "title", "used_by", "generic", "purpose", "operated", "data", "decisions", "public", "not_public",
    "evaluations", "assumes", "setting",
)  # fmt: skip
DATA = ("what", "channel", "police_generated")
EVALUATION = ("finding", "source", "mark")
MARKS = {
    "A": "as the report states it",
    "C": "read in code",
    "P": "read in an abstract or on a page, not in full",
    "S": "as quoted by others",
    "V": "computed by this project",
}
PUBLIC = "public"  # the channel of data that is not in the ledger: maps, venues, census


def names(places=None) -> list[str]:
    """Every system in the register: those that forces use first, then the generic models."""
    found = catalogue.options(ROOM, places or catalogue.folders())
    return sorted(found, key=lambda name: (_read(name, found[name])["generic"], name))


def entry(name: str, places=None) -> dict:
    """The register entry of a system, plain data with its `name`; Refused with the nearest name.

    Parameters
    ----------
    name : of the system, which is the name of its predictor
    places : config folders; None = those of loopsim and of installed packages
    """
    found = catalogue.options(ROOM, places or catalogue.folders())
    if name not in found:
        raise Refused(f"no register entry {name}: {nearest(name, found)}")
    return _copied(_read(name, found[name]))


def of_config(config: dict, places=None) -> dict | None:
    """The entry of the system that a composed config simulates; None where it has no model."""
    try:
        return entry(config["prediction"]["name"], places)
    except (Refused, KeyError, TypeError):
        return None


def police_generated(found: dict) -> list[str]:
    """Channels of an entry's data that police activity brings in, in the order of the ledger."""
    channels = {data["channel"] for data in found["data"] if data["police_generated"]}
    return [channel for channel in CHANNELS if channel in channels]


@lru_cache(maxsize=64)
def _read(name: str, path: Path) -> dict:
    import yaml

    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise Refused(f"{path} is no YAML: {str(error).splitlines()[0]}") from None
    faults = _faults(content)
    if faults:
        raise Refused([f"{path}: {line}" for line in faults])
    return {"name": name, **{field: content[field] for field in FIELDS}}


def _faults(content) -> list[str]:
    """What an entry lacks, or says that contradicts the ledger."""
    if not isinstance(content, dict):
        return ["an entry is a mapping; see configs/register/grip.yaml"]
    faults = [f"{field} is missing; set {field}" for field in FIELDS if field not in content]
    faults += [f"{field} is unknown: {nearest(field, FIELDS)}" for field in content if field not in FIELDS]
    for row in content.get("data") or ():
        if not isinstance(row, dict) or set(row) != set(DATA):
            faults.append(f"data must hold {', '.join(DATA)}, got {row}")
        elif row["channel"] not in (*CHANNELS, PUBLIC):
            faults.append(
                f"data: no channel {row['channel']}: {nearest(row['channel'], (*CHANNELS, PUBLIC))}"
            )
        elif row["police_generated"] != (row["channel"] in PATROL_CHANNELS):
            faults.append(f"data: {row['what']}: police_generated contradicts channel {row['channel']}")
    for row in content.get("evaluations") or ():
        if not isinstance(row, dict) or set(row) != set(EVALUATION) or row["mark"] not in MARKS:
            faults.append(
                f"evaluations must hold {', '.join(EVALUATION)} (mark: {', '.join(MARKS)}), got {row}"
            )
    return faults


def _copied(value):
    if isinstance(value, dict):
        return {k: _copied(v) for k, v in value.items()}
    return [_copied(v) for v in value] if isinstance(value, list) else value
