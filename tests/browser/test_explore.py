"""The explorer in a real browser: it starts on this machine only, steps, plays, resets, asks nobody else."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
PATIENCE = 240  # seconds; a first start compiles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromium-driver"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """(address, process) of `loopsim explore` on a free port."""
    for name in ("solara", "altair", "solara_assets"):
        pytest.importorskip(name, reason="needs the extra explore")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = os.environ.get("PYTHONPATH") or os.getcwd()
    command = [sys.executable, "-m", "loopsim", "explore", "--no-browser", "--port", str(port)]
    log = tmp_path_factory.mktemp("explore") / "log"
    with open(log, "w") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": home}
        )
    try:
        _until(lambda: _answers(port) or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield port, log
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def browser(served):
    """Chromium on the page, day 0 shown, keeping a log of its requests."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, "--window-size=1440,1100"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        driver.get(f"http://127.0.0.1:{served[0]}")
        _until(lambda: "Day 0." in _text(driver))
        yield driver
    finally:
        driver.quit()


def test_it_listens_on_this_machine_only(served):
    listening = _listening(served[0])
    assert listening == {"127.0.0.1"}


def test_it_steps_plays_and_resets(browser):
    _press(browser, "STEP")
    _until(lambda: "Day 7." in _text(browser))
    _press(browser, "▶")
    _until(lambda: any(f"Day {7 * n}." in _text(browser) for n in range(3, 40)))
    _press(browser, "RESET")
    _until(lambda: "Day 0." in _text(browser))


def test_every_knob_and_picture_is_on_the_page(browser):
    shown = _text(browser)
    for knob in ("Bias", "Segregation", "Reporting", "Stops", "Hotspots", "Allocation", "Prediction", "seed"):
        assert knob in shown
    assert "this measures no real police force" in shown
    _until(lambda: len([i for i in browser.find_elements("tag name", "img") if i.size["width"] > 200]) == 2)


def test_nothing_is_asked_of_any_other_machine(browser, served):
    port, log = served
    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [m["params"]["request"]["url"] for m in asked if m["method"] == "Network.requestWillBeSent"]
    assert urls
    assert not [u for u in urls if not u.startswith((f"http://127.0.0.1:{port}/", "data:", "blob:"))]
    assert "Could not load URL" not in log.read_text()


def _text(driver) -> str:
    return driver.execute_script("return document.body.innerText")


def _press(driver, label: str) -> None:
    def button():
        found = [b for b in driver.find_elements("tag name", "button") if b.text.strip().upper() == label]
        return found[0] if found and found[0].is_enabled() else None

    _until(button)
    button().click()


def _until(true, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.2)
    raise AssertionError("waited in vain")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _listening(port: int) -> set[str]:
    """Addresses on which this machine listens at a port, from /proc/net/tcp and tcp6."""
    found = set()
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(name):
            pytest.skip("needs /proc/net")
        with open(name) as table:
            rows = [line.split() for line in table][1:]
        for row in rows:
            address, at = row[1].split(":")
            if int(at, 16) == port and row[3] == "0A":
                found.add(socket.inet_ntoa(bytes.fromhex(address)[::-1]) if len(address) == 8 else address)
    return found
