"""Explore a small town in the browser: sliders, step, play, reset (this machine only)."""

from __future__ import annotations


def arguments(parser) -> None:
    """What `loopsim explore` takes."""
    parser.add_argument("--port", type=int, default=8765, help="port on 127.0.0.1 (8765)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def run(args) -> int:
    """Check, say where, serve until Ctrl-C."""
    from loopsim.explore import server

    server.check(args.port)
    print("Getting ready; the first start compiles for a minute.", flush=True)
    server.warm_up()
    print(f"Serving http://{server.HOST}:{args.port} to this machine only; Ctrl-C stops.", flush=True)
    server.serve(args.port, browse=not args.no_browser)
    return 0
