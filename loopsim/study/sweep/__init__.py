"""Sweep: many settings of a scenario, each run once, none lost."""
