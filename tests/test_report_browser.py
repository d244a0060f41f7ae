"""The report in headless Chromium: drawn whole, silent, alone on the machine, and usable on a phone and by keyboard."""

import os
import shutil
from pathlib import Path

import pytest

from warehouse.report import write_report

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: its tests skip")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
WIDTHS = {"phone": 390, "desk": 1280}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")


@pytest.fixture(scope="module")
def report(sample_run, tmp_path_factory):
    """Return the report on the sample panel."""
    target = tmp_path_factory.mktemp("report") / "report.html"
    write_report(sample_run.home / "etalage.duckdb", target)
    return target


@pytest.fixture(scope="module")
def browser():
    """Return one browser for all tests here."""
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, report, request):
    """Return the drawn page at the width that the test asks for, with what it said and asked for."""
    page = browser.new_page(viewport={"width": getattr(request, "param", 1280), "height": 900})
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.goto(report.as_uri())
    page.wait_for_function("[...document.querySelectorAll('.chart')].every(chart => chart.querySelector('svg'))")
    yield page
    page.close()


@pytest.mark.parametrize("opened", WIDTHS.values(), ids=WIDTHS, indirect=True)
def test_draws_whole_and_silent(opened, report, request):
    """All charts are drawn, nothing is said on the console, only the file itself is asked for, nothing sticks out."""
    assert opened.locator(".chart svg").count() == 8
    assert opened.said == []
    assert opened.evaluate(CONTRAST) == []
    assert opened.asked == [report.as_uri()]
    width = opened.evaluate("document.documentElement.scrollWidth")
    assert width <= request.node.callspec.params["opened"]
    assert opened.evaluate(
        "[...document.querySelectorAll('.chart')].every(chart => "
        "chart.querySelector('svg').getBoundingClientRect().width <= chart.getBoundingClientRect().width + 1)"
    )
    if folder := os.environ.get("ETALAGE_SCREENSHOTS"):
        opened.screenshot(path=f"{folder}/report-{width}.png", full_page=True)


def test_a_script_that_slipped_in_does_not_run(browser, report, tmp_path):
    """Should markup ever get in unescaped, the page's policy still refuses to run it or to fetch for it."""
    hurt = tmp_path / "hurt.html"
    planted = (
        "<script>document.title = 'run'</script><img src='https://voorbeeld.example/x' onerror='document.title = 1'>"
    )
    hurt.write_text(report.read_text(encoding="utf-8").replace("<main id=", f"{planted}<main id=", 1), encoding="utf-8")
    page = browser.new_page()
    asked = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(hurt.as_uri())
    page.wait_for_selector(".chart svg")

    assert page.title().startswith("Etalage: ")
    assert asked == [hurt.as_uri()]
    page.close()


def test_by_keyboard(opened):
    """The first stop leads past the menu to the figures, and a table opens with Enter."""
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    table = opened.locator("details").first
    assert table.get_attribute("open") is None
    table.locator("summary").focus()
    opened.keyboard.press("Enter")
    assert table.get_attribute("open") is not None


def test_prints_every_table(opened):
    """On paper the tables under the charts are open, and the menu is left out."""
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert opened.locator("details table").evaluate_all("tables => tables.every(table => table.checkVisibility())")
    assert not opened.locator("nav").is_visible()
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.locator("details[open]").count() == 0


def test_without_scripts_the_figures_stay(browser, report):
    """Where no script may run the page says so, and its tables hold the figures."""
    page = browser.new_page(java_script_enabled=False)
    page.goto(report.as_uri())

    assert page.get_by_text("alle cijfers staan in de tabellen").is_visible()
    assert page.locator("figure table").evaluate_all("tables => tables.every(table => table.checkVisibility())")
    page.close()
