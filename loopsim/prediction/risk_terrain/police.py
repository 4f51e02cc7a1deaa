"""Police-generated layers: risk factors that are records, not places.

A *drug call* or a *known offender's address* enters a risk terrain like a bar does. Yet
both are written by policing, so these maps are where the loop gets into a model that is
sold as being about places only.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from loopsim.limits import Refused, nearest
from loopsim.records.evidence import Evidence
from loopsim.records.kinds import CHANNELS, Kinds

CHANNELS_OF = {
    "drug_calls": ("report", "discovery", "search"),
    "offender_homes": ("discovery", "search"),
    "stops": ("stop", "search"),
    "intelligence": ("intelligence",),
}
"""The channels that each layer is made of; `drug_calls` takes drug types only.

Offender homes: the police know where a person lives whom they have caught. The ledger
keeps no addresses, so the layer takes the cell of the record: the home itself when the
journey to crime is 0 (the default), a neighbour of it otherwise.
"""


def kinds_of(name: str, kinds: Kinds, drug_types) -> np.ndarray:
    """(M,) bool: the kinds of record that layer `name` is made of."""
    within = np.isin(kinds.channel, [CHANNELS.index(c) for c in CHANNELS_OF[name]])
    if name == "drug_calls":
        drugs = np.array([any(t.startswith(d) for d in drug_types) for _, t, _ in kinds.table])
        if not drugs.any():
            raise Refused(
                f"prediction.drug_types must begin the name of an offence type, got {', '.join(drug_types)}; "
                f"{nearest(drug_types[0] if drug_types else '', kinds.types)}; set prediction.drug_types"
            )
        within &= drugs
    return within


def counts(name: str, evidence: Evidence, days: int, drug_types) -> np.ndarray:
    """(R, n) records of layer `name` in `days` days, as far as the model is shown them.

    Special cases
    -------------
    A kind of record that weighs 0 in the evidence (a remedy, or `evidence.channels`) is not
    in the layer either.
    """
    seen = kinds_of(name, evidence.kinds, drug_types) & (evidence.weights > 0)
    return replace(evidence, weights=seen.astype(float)).counts(days)


def outcome_weights(evidence: Evidence, outcome) -> np.ndarray:
    """(M,) what each kind weighs in the count to be predicted: recorded crime of these types.

    Parameters
    ----------
    outcome : "all", or a list of offence types
    """
    kinds = evidence.kinds
    if outcome == "all":
        return np.where(kinds.is_crime, evidence.weights, 0.0)
    wanted = [outcome] if isinstance(outcome, str) else list(outcome)
    for name in wanted:
        if name not in kinds.types:
            hint = nearest(name, kinds.types)
            raise Refused(
                f"prediction.outcome must be offence types, got {name}: {hint}; set prediction.outcome"
            )
    of_type = np.array([t in wanted for _, t, _ in kinds.table])
    return np.where(kinds.is_crime & of_type, evidence.weights, 0.0)
