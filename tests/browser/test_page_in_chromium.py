"""Page in Chromium: opens from disk alone, works by mouse and keyboard, and shows the numbers of the table."""

from __future__ import annotations

import csv
import json
import math
import shutil
import time

import pytest
import shown
import yaml

pytestmark = pytest.mark.browser
selenium = pytest.importorskip("selenium", reason="selenium is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
if not (CHROMIUM and DRIVER):
    pytest.skip(
        "needs chromium and chromium-driver (apt install chromium chromium-driver)", allow_module_level=True
    )

from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
)


@pytest.fixture(scope="module")
def driver():
    """One headless browser for all tests."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield made
    made.quit()


def resize(driver, width, height=900):
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def open_page(driver, path, width=1280):
    resize(driver, width)
    driver.get(path.as_uri())
    WebDriverWait(driver, 20).until(lambda d: d.execute_script("return document.body.dataset.ready"))


@pytest.fixture
def page(driver):
    """The page of a small run, opened from disk and ready."""
    driver.get_log("performance")
    open_page(driver, shown.default() / "index.html")
    return driver


def the(driver, css):
    return driver.find_element(By.CSS_SELECTOR, css)


def painted(driver):
    return driver.execute_script("return document.getElementById('map').toDataURL()")


def choose(driver, name, value):
    the(driver, f"input[name={name}][value={value}]").click()


def table(arm):
    """day -> mean of the patrol disparity in summary.csv."""
    with open(shown.default() / "summary.csv", newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if (r["arm"], r["measure"]) == (arm, "patrol_disparity")]
    return {int(r["day"]): float(r["mean"]) for r in rows}


def test_the_page_opens_from_disk_with_no_request_but_the_file(page):
    sent = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    urls = {m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"}
    assert {u for u in urls if not u.startswith(("data:", "blob:"))} == {
        (shown.default() / "index.html").as_uri()
    }
    assert not [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"]
    timing = page.execute_script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert timing < 5000  # the aim is one second on a quiet machine


def test_the_number_shown_is_that_of_the_table_for_every_arm_and_week(page):
    for arm in ("loop", "clean_start", "no_model"):
        choose(page, "arm", arm)
        rows = table(arm)
        for key in (Keys.HOME, Keys.END):
            the(page, "#week").send_keys(key)
            day = int(the(page, "#value").get_attribute("data-day"))
            assert the(page, "#ratio").text == f"{math.exp(rows[day]):.2f}×"
    assert day == max(rows)


def test_the_slider_goes_by_keyboard_and_the_map_and_the_words_follow(page):
    slider = the(page, "#week")
    slider.send_keys(Keys.HOME)
    first, words = painted(page), slider.get_attribute("aria-valuetext")
    slider.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert slider.get_attribute("aria-valuetext") != words and "day 21" in slider.get_attribute(
        "aria-valuetext"
    )
    choose(page, "layer", "recorded")
    assert painted(page) != first
    assert "Records so far" in the(page, "#live").text


def test_layers_and_arms_change_by_mouse_and_by_keyboard(page):
    seen = set()
    for layer in ("people", "offences", "recorded", "risk", "patrol"):
        choose(page, "layer", layer)
        seen.add(painted(page))
    assert len(seen) == 5
    the(page, "input[name=arm][value=loop]").send_keys(Keys.ARROW_RIGHT)
    assert the(page, "input[name=arm]:checked").get_attribute("value") == "clean_start"


def test_true_offences_are_the_same_picture_in_every_arm(page):
    choose(page, "layer", "offences")
    pictures = set()
    for arm in ("loop", "clean_start", "frozen", "no_model"):
        choose(page, "arm", arm)
        pictures.add(painted(page))
    assert len(pictures) == 1


def test_play_runs_to_the_end_and_pauses(page):
    slider, play = the(page, "#week"), the(page, "#play")
    slider.send_keys(Keys.HOME)
    play.send_keys(Keys.ENTER)
    assert play.text == "Pause"
    WebDriverWait(page, 20).until(lambda d: int(slider.get_attribute("value")) > 2)
    play.click()
    stopped = slider.get_attribute("value")
    time.sleep(0.5)
    assert slider.get_attribute("value") == stopped and play.text == "Play"


def test_reduced_motion_slows_the_film(page):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    )
    try:
        the(page, "#week").send_keys(Keys.HOME)
        the(page, "#play").click()
        time.sleep(0.9)
        assert int(the(page, "#week").get_attribute("value")) == 1
        the(page, "#play").click()
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_scrolls_sideways_and_nothing_is_cut(driver, width):
    open_page(driver, shown.default() / "index.html", width)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    wide = driver.execute_script(
        "return [...document.querySelectorAll('main *')].filter(e => !e.closest('.wide, pre') && "
        "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    assert not wide


def test_axe_finds_no_serious_fault(page):
    """axe-core as vendored by axe-core-python."""
    axe = pytest.importorskip("axe_core_python.selenium", reason="axe-core-python is not installed").Axe()
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = [v for v in axe.run(page)["violations"] if v["impact"] in ("serious", "critical")]
    assert not [(v["id"], v["nodes"][0]["html"][:120]) for v in found]


def test_a_script_in_a_config_string_is_inert(driver, tmp_path):
    from loopsim.report import page as pages

    evil = "</script><script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"
    run = shown.altered(
        shown.default(), tmp_path / "evil", lambda m: m.update(title=evil, notes=[evil], scenario=evil)
    )
    config = yaml.safe_load((run / "config.yaml").read_text("utf-8")) | {"about": evil, "expected": evil}
    (run / "config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    open_page(driver, pages.write(run))
    assert driver.execute_script("return window.hacked") is None
    assert "<script>window.hacked=1</script>" in the(driver, "h1").text


def test_the_download_is_the_file(page):
    page.execute_script(
        "window.got = null; const make = URL.createObjectURL; "
        "URL.createObjectURL = b => { b.text().then(t => window.got = t); return make(b); };"
    )
    the(page, "#download").click()
    got = WebDriverWait(page, 10).until(lambda d: d.execute_script("return window.got"))
    assert got == (shown.default() / "summary.csv").read_text("utf-8")


def test_a_window_that_is_resized_while_the_page_opens_does_no_harm(driver):
    resize(driver, 1280)
    driver.get_log("browser")
    driver.get((shown.default() / "index.html").as_uri())
    driver.execute_script("dispatchEvent(new Event('resize'))")
    WebDriverWait(driver, 20).until(lambda d: d.execute_script("return document.body.dataset.ready"))
    resize(driver, 400)
    driver.execute_script("dispatchEvent(new Event('resize'))")
    assert not [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
