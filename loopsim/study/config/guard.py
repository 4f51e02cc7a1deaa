"""Guard: a config can choose and set; it can never run code or read the environment."""

from __future__ import annotations

import re
from pathlib import Path

from loopsim.limits import Refused

# `${city.rows}` refers to another key; anything else in `${...}` calls a resolver.
_REFERENCE = re.compile(r"\$\{[\w.]+\}")
_PACKAGE = re.compile(r"^\s*#\s*@package\s+(\S+)", re.MULTILINE)


def dangers(value, where: str) -> list[str]:
    """Every key or text in a config value that would run code or read the environment."""
    if isinstance(value, dict):
        found = [line for k in value for line in _bad_key(str(k), where)]
        found += [line for k in value for line in dangers(str(k), where)]
        return found + [line for v in value.values() for line in dangers(v, where)]
    if isinstance(value, (list, tuple)):
        return [line for v in value for line in dangers(v, where)]
    if isinstance(value, str) and "${" in _REFERENCE.sub("", value):
        return [f"{where}: {value} is refused: only ${{key}} of the config, no look-ups; write the value"]
    if isinstance(value, str) and "_target_" in value:
        return [f"{where}: _target_ is refused: a config cannot run code; choose by name"]
    return []


def checked(folders, shipped: Path) -> tuple[Path, ...]:
    """The user's config folders, absolute, after reading every file in them."""
    found, faults = [], []
    for folder in map(Path, folders):
        if not folder.is_dir():
            faults.append(f"--config-dir must be a folder, got {folder}")
            continue
        found.append(folder.resolve())
        for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
            faults += _file(path, path.relative_to(folder), shipped)
    if faults:
        raise Refused(faults)
    return tuple(found)


def _file(path: Path, relative: Path, shipped: Path) -> list[str]:
    import yaml

    where = str(path)
    if path.suffix == ".yml":
        return [f"{where}: rename it to {path.with_suffix('.yaml').name}"]
    if (shipped / relative).exists():
        return [f"{where}: loopsim has a {relative.as_posix()} of its own; rename yours"]
    try:
        text = path.read_text("utf-8")
        content = yaml.safe_load(text)
    except UnicodeDecodeError:
        return [f"{where}: not UTF-8; save it as UTF-8"]
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        return [f"{where}{line}: not plain YAML: {getattr(error, 'problem', None) or error}"]
    if content is not None and not isinstance(content, dict):
        return [f"{where}: must hold `key: value` lines"]
    return _packages(text, relative, where) + dangers(content, where) + _defaults(content, where)


def _packages(text: str, relative: Path, where: str) -> list[str]:
    """A scenario's first line must say `# @package _global_`; nothing else may move."""
    named = _PACKAGE.findall(text)
    if relative.parts[0] == "hydra" or any(n.startswith("hydra") for n in named):
        return [f"{where}: hydra is not configured from loopsim; remove it"]
    if relative.parts[0] == "scenario":
        first = text.lstrip().split("\n")[0].lstrip("# ").split()
        return [] if first == ["@package", "_global_"] else [f"{where}: line 1 must be `# @package _global_`"]
    return [f"{where}: remove the line `# @package {named[0]}`"] if named else []


def _bad_key(key: str, where: str) -> list[str]:
    if key == "hydra" or key.startswith(("hydra.", "hydra/")):
        return [f"{where}: {key} is refused: hydra is not configured from loopsim; remove it"]
    return []


def _defaults(content, where: str) -> list[str]:
    entries = (content or {}).get("defaults") or []
    if not isinstance(entries, list):
        return [f"{where}: defaults must be a list"]
    keys = [str(k) for e in entries if isinstance(e, dict) for k in e] + [
        e for e in entries if isinstance(e, str)
    ]
    return [
        f"{where}: hydra is not configured from loopsim; remove {k}"
        for k in keys
        if "hydra" in re.split(r"[ /@]", k)
    ]
