"""`loopsim explore` refuses in one line what would fail later."""

from __future__ import annotations

import socket

import pytest

from loopsim.cli import main
from loopsim.explore import server
from loopsim.limits import Refused


def test_without_the_extra_one_line_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setattr(server, "NEEDED", ("json", "no_such_package_of_solara"))
    assert main(["explore"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "loopsim: explore needs no_such_package_of_solara; install what it needs with: "
        "pip install 'loopsim[explore]'"
    ]


def test_a_port_in_use_is_refused(monkeypatch):
    monkeypatch.setattr(server, "NEEDED", ())
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port} cannot be used .*; set --port"):
            server.check(port)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setattr(server, "NEEDED", ())
    with pytest.raises(Refused, match=f"--port must be >= 1 and <= 65535, got {port}"):
        server.check(port)


def test_it_serves_to_this_machine_only():
    assert server.HOST == "127.0.0.1"
