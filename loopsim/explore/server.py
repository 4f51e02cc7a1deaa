"""Server: the page on 127.0.0.1 and nowhere else, without telemetry."""

from __future__ import annotations

import importlib.util
import os
import socket
import threading
import time
import warnings
import webbrowser

from loopsim.limits import Refused

HOST = "127.0.0.1"
NEEDED = ("solara", "altair", "uvicorn", "ipyvuetify", "solara_assets")
APP = "loopsim.explore.app"


def check(port: int) -> None:
    """Refuse at once what would fail later."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Refused(
            f"explore needs {', '.join(missing)}; install what it needs with: pip install 'loopsim[explore]'"
        )
    if not 1 <= port <= 65535:
        raise Refused(f"--port must be >= 1 and <= 65535, got {port}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Refused(f"port {port} cannot be used ({error.strerror}); set --port") from None


def warm_up() -> None:
    """Compile what the first step would compile, before anyone waits for a page."""
    from loopsim.explore.model import Town

    Town().step()


def serve(port: int, *, browse: bool) -> None:
    """Serve until Ctrl-C.

    Solara reads its settings from the environment when it is imported, so they are set first: no
    telemetry, no banner.
    """
    os.environ |= {
        "SOLARA_APP": APP,
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_THEME_SHOW_BANNER": "false",
    }
    warnings.filterwarnings("ignore", module=r"solara\.")  # about Mesa's own page and about cookies
    import uvicorn

    if browse:
        threading.Thread(target=_open, args=(port,), daemon=True).start()
    uvicorn.run("solara.server.starlette:app", host=HOST, port=port, log_level="error")


def _open(port: int, patience: float = 120.0) -> None:
    """Show the page once the server answers."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((HOST, port)) == 0:
                webbrowser.open(f"http://{HOST}:{port}")
                return
        time.sleep(0.3)
