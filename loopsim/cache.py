"""Cache: where compiled kernels are kept, one folder for each state of the sources.

Numba checks only the file of the kernel itself: a cached caller keeps an old callee and
old constants. So the folder is named by a hash of all sources, and set before numba is
imported.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

STALE_DAYS = 14


def settle() -> None:
    """Set NUMBA_CACHE_DIR, unless the user has set it to a folder of their own."""
    home = _home()
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen and Path(chosen).parent.name != home.name:
        return
    for parent in (home, Path(tempfile.gettempdir()) / f"loopsim-{_user()}" / home.name):
        folder = parent / fingerprint(Path(__file__).parent)
        if _usable(folder):
            os.environ["NUMBA_CACHE_DIR"] = str(folder)
            if "numba" in sys.modules:
                sys.modules["numba"].config.CACHE_DIR = str(folder)
            return


def fingerprint(package: Path) -> str:
    """A hash of every source of the package, by path and contents."""
    digest = hashlib.blake2b(sys.version.encode(), digest_size=10)
    for folder, folders, files in os.walk(package):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "_")))
        for name in sorted(f for f in files if f.endswith(".py")):
            path = os.path.join(folder, name)
            digest.update(os.path.relpath(path, package).encode())
            with open(path, "rb") as source:
                digest.update(source.read())
    return digest.hexdigest()


def _home() -> Path:
    system = {"darwin": "~/Library/Caches", "win32": "~/AppData/Local"}.get(sys.platform, "~/.cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser(system)) / "loopsim-kernels"


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _usable(folder: Path) -> bool:
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
            _forget_old(folder.parent)
        mine = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
        return mine and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def _forget_old(parent: Path) -> None:
    import shutil

    for folder in parent.iterdir():
        if time.time() - folder.stat().st_mtime > STALE_DAYS * 86_400:
            shutil.rmtree(folder, ignore_errors=True)
