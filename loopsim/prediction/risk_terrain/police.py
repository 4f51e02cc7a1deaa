"""Police-made layers: risk factors that are records, not places.

A *drug call* or a *known offender's address* enters a risk terrain like a bar does. Yet
both are written by policing, so these maps are where the loop gets into a model that is
sold as being about places only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from loopsim.limits import nearest
from loopsim.records.evidence import Evidence
from loopsim.records.kinds import CHANNELS, Kinds

KEYS = ("channels", "types", "at")


def kinds_of(layer: Mapping, kinds: Kinds) -> np.ndarray:
    """(M,) bool: the kinds of record that a layer is made of; a type is named by its beginning."""
    within = np.isin(kinds.channel, [CHANNELS.index(c) for c in layer["channels"]])
    if layer["types"] == "all":
        return within
    begins = tuple(layer["types"])
    return within & np.array([t.startswith(begins) for _, t, _ in kinds.table])


def counts(layer: Mapping, evidence: Evidence, days: int) -> tuple[np.ndarray, bool]:
    """(R, n) features of a layer from `days` days of records, and whether they stand where asked.

    At "record": one feature a record, in its cell. At "home": one feature a person, in the
    person's home cell; where the ledger keeps no addresses, the record's cell instead.

    **Special cases**
    A kind of record that weighs 0 in the evidence (a remedy, or `evidence.channels`) is not
    in the layer either. A record whose person is unknown gives no address.
    """
    seen = kinds_of(layer, evidence.kinds) & (evidence.weights > 0)
    if layer["at"] == "home" and evidence.has_addresses:
        return np.array([evidence.homes(r, days, seen) for r in range(evidence.shape[0])]), True
    return replace(evidence, weights=seen.astype(float)).counts(days), layer["at"] == "record"


def outcome_weights(evidence: Evidence, outcome) -> np.ndarray:
    """(M,) what each kind weighs in the count to be predicted: recorded crime of these types.

    Parameters
    ----------
    outcome : "all", or a list of offence types
    """
    kinds = evidence.kinds
    weights = np.where(kinds.is_crime, evidence.weights, 0.0)
    if outcome == "all":
        return weights
    return np.where([t in outcome for _, t, _ in kinds.table], weights, 0.0)


def outcome_faults(outcome, kinds: Kinds | None = None):
    """What is wrong with `prediction.outcome`, a line each."""
    if outcome == "all":
        return
    if isinstance(outcome, str) or not outcome:
        yield f"prediction.outcome must be all or a list of offence types, got {outcome}; set prediction.outcome"
        return
    crimes = () if kinds is None else (*kinds.offences, *kinds.carried)
    for name in outcome if crimes else ():
        if name not in crimes:
            hint = nearest(name, crimes)
            yield f"prediction.outcome must be offence types, got {name}: {hint}; set prediction.outcome"


def faults(layers, kinds: Kinds | None = None):
    """What is wrong with the police-made layers of a config, a line each."""
    for name, layer in layers.items():
        key = f"prediction.police_layers.{name}"
        if not isinstance(layer, Mapping) or set(layer) != set(KEYS):
            yield f"{key} must have {', '.join(KEYS)}, got {layer}; set {key}"
            continue
        strange = [c for c in layer["channels"] if c not in CHANNELS]
        if strange or isinstance(layer["channels"], str):
            hint = nearest(strange[0], CHANNELS) if strange else "a list"
            yield f"{key}.channels must be channels, got {layer['channels']}: {hint}; set {key}.channels"
        elif layer["at"] not in ("record", "home"):
            yield f"{key}.at must be one of record, home, got {layer['at']}; set {key}.at"
        elif layer["types"] != "all" and isinstance(layer["types"], str):
            yield f"{key}.types must be all or a list, got {layer['types']}; set {key}.types"
        elif kinds is not None and not kinds_of(layer, kinds).any():
            hint = nearest(str(layer["types"]), kinds.types)
            yield f"{key} must match a kind of record, got types {layer['types']}: {hint}; set {key}.types"
