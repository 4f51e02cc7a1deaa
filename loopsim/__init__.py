"""loopsim: what becomes of biased police records in a city of equal offenders."""

from __future__ import annotations

from loopsim import cache

cache.settle()

_LAZY = {"Result": "loopsim.study.result", "load": "loopsim.study.result"}


def run(scenario: str | None = None, overrides=(), *, config_dirs=(), progress: bool = False):
    """Run a scenario and return its Result.

    Parameters
    ----------
    scenario : a name from `loopsim list scenario`; twin_cities where none is given
    overrides : list of "key=value", as on the command line
    config_dirs : folders with scenarios and options of your own
    progress : show a progress bar on stderr
    """
    from loopsim.study import compose
    from loopsim.study import run as runner

    study = compose.compose(overrides, scenario=scenario, config_dirs=config_dirs)
    return runner.run(study, progress=progress)


def __getattr__(name: str):
    import importlib
    import importlib.metadata

    if name == "__version__":
        try:
            return importlib.metadata.version("loopsim")
        except importlib.metadata.PackageNotFoundError:
            return "0+checkout"
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module loopsim has no attribute {name}")
