"""A Hydra of our own, also inside somebody's `@hydra.main`."""

from __future__ import annotations

from contextlib import contextmanager


@contextmanager
def inner_hydra(folder: str):
    """Hydra on a config folder; whatever Hydra was there before is there again afterwards."""
    import hydra
    from hydra.core.global_hydra import GlobalHydra

    there = GlobalHydra.instance()
    outer, there.hydra = there.hydra, None
    try:
        with hydra.initialize_config_dir(folder, version_base="1.3"):
            yield hydra
    finally:
        GlobalHydra.instance().hydra = outer
