"""Glossary: every measure by name, with its definition and unit, in the order of a report.

The group of a disparity reads X/Y, with Y the first group of the city.
"""

from __future__ import annotations

_YEARLY = "per 1,000 residents a year"
_RATE = "recorded by the police, by the group of the person the record is about"
_WHERE = "log-ratio of mean exposure per resident, by where people live"

MEASURES: dict[str, tuple[str, str]] = {
    "true_rate": ("offences that truly happened, by the offender's group: equal by construction", _YEARLY),
    "recorded_rate": (f"crime {_RATE} (report, discovery, search)", _YEARLY),
    "recorded_rate_report": (f"reports by victims and witnesses {_RATE}", _YEARLY),
    "recorded_rate_discovery": (f"offences found by patrol and {_RATE}", _YEARLY),
    "recorded_rate_search": (f"carried items found in a stop and {_RATE}", _YEARLY),
    "recorded_rate_stop": (f"stops that found nothing, {_RATE}", _YEARLY),
    "recorded_rate_intelligence": (f"intelligence logs {_RATE}", _YEARLY),
    "dark_figure": ("share of offences neither reported nor discovered, by group or deprivation", "share"),
    "patrol_found_share": ("share of recorded crime that patrol found (discovery, search)", "share"),
    "patrol_exposure": ("patrol in the home cell of the mean resident of a group", "officer-hours a day"),
    "patrol_share": ("share of a plan that lands on a group, by the mix of residents in each cell", "share"),
    "dose": (
        "patrol disparity of legacy policing, or of what records were multiplied by: the treatment, as realised",
        "log-ratio",
    ),
    "patrol_disparity": (f"patrol of a plan: {_WHERE}", "log-ratio"),
    "risk_disparity": (f"what the model believes of a day's records: {_WHERE}", "log-ratio"),
    "disparity_spread": ("standard deviation of the patrol disparity between replicates", "log units"),
    "record_disparity": (f"recorded crime: {_WHERE}", "log-ratio"),
    "record_disparity_report": (f"reports: {_WHERE}", "log-ratio"),
    "record_disparity_discovery": (f"discoveries by patrol: {_WHERE}", "log-ratio"),
    "record_disparity_search": (f"search finds: {_WHERE}", "log-ratio"),
    "record_disparity_stop": (f"stops that found nothing: {_WHERE}", "log-ratio"),
    "record_disparity_intelligence": (f"intelligence logs: {_WHERE}", "log-ratio"),
    "record_share": ("share of recorded crime that lands on a group, by the mix of residents", "share"),
    "stop_rate": ("stops of people of a group", _YEARLY),
    "stop_disparity": ("ratio of stops per resident, by the group of the person stopped", "log-ratio"),
    "stop_share": ("share of all stops that are of a group", "share"),
    "nfa_rate": ("share of stops that end in no further action", "share"),
    "find_rate": ("share of stops that find something (outcome test)", "share"),
    "leverage": (
        "L0 / log b, b = the initial bias per head as realised: how far model and allocation magnify it at first use",
        "ratio of logs",
    ),
    "compounding": (
        "s (L_t - L0), s = sign(L0 + L_last), or sign(L0) if that is chance: growth since the first plan",
        "log units",
    ),
    "amplification": ("exp(compounding): factor of growth since the first plan; 1 = locked in", "factor"),
    "compounding_rate": ("slope of compounding per refit", "log units per refit"),
    "half_life": ("time in which a fading log disparity loses half its first value", "days"),
    "doubling_time": ("time in which a growing disparity ratio doubles", "days"),
    "regime": ("fades, locks in, compounds, runs away, no disparity or undetermined; in manifest.json", ""),
    "feedback_adds": ("patrol disparity of loop minus that of frozen, paired", "log-ratio"),
    "initial_bias_costs": ("patrol disparity of loop minus that of clean_start, paired", "log-ratio"),
    "model_costs": ("patrol disparity of loop minus that of no_model, paired", "log-ratio"),
    "after_ban": ("share of the patrol disparity left since a ban or switch", "share"),
    "half_life_after": ("time from the last plan before it until half of that is gone", "days"),
    "belief_after_ban": ("share of the disparity of belief left since a ban or switch", "share"),
    "belief_half_life_after": ("time in which half of the disparity of belief is gone", "days"),
    "gini": ("Gini coefficient of patrol over cells in a period", "0 to 1"),
    "top5_share": ("share of patrol in the top 5 % of cells", "share"),
    "effective_cells": ("effective number of cells in a plan, 1 / sum of squared shares", "cells"),
    "cells_ever_patrolled": ("distinct cells that ever got at least an even share of patrol", "cells"),
    "rank_persistence": ("Jaccard index of patrolled cells between refits, mean of a period", "0 to 1"),
    "divergence": ("Jensen-Shannon divergence of patrol from true offences, base 2", "bits, 0 to 1"),
    "hit_rate_records": ("share of recorded crime in patrolled cells", "share"),
    "hit_rate_truth": ("share of true offences in patrolled cells", "share"),
    "pai_records": ("prediction accuracy index on recorded crime", "ratio"),
    "pai_truth": ("prediction accuracy index on true offences", "ratio"),
    "pei_records": ("prediction efficiency index on recorded crime", "0 to 1"),
    "pei_truth": ("prediction efficiency index on true offences", "0 to 1"),
    "self_confirmation": ("hit_rate, pai or pei on records minus the same on true offences", "difference"),
    "predictability_patrol": ("deviance of a period's patrol explained by the period before", "share"),
    "predictability_truth": ("deviance of a period's patrol explained by the offences before", "share"),
}
