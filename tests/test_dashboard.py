"""The dashboard: read-only, Dutch, escaped, silent towards the network, and the model's guess comes last."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from stocked import PSEUDONYM, annotate, collect, load, post, vault

from flows.commands import analysing
from nlp import codebook
from warehouse.audit import draw
from warehouse.dashboard import start
from warehouse.dashboard.rules import decisions, rules
from warehouse.errors import WarehouseError
from warehouse.keys import PSEUDONYM_KEY, write_key
from warehouse.labels import Label, store_labels
from warehouse.page.wording import THEME_HINTS
from warehouse.publish import publish

SCRIPT = "Kijk <script>alert(1)</script> **vet** [klik](javascript:alert(1)) bericht"
PATIENCE = 120_000
"""Milliseconds that a loaded machine gets to draw a page; an idle one takes one or two seconds."""
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
PAGES = {"Berichten": "Berichten", "Beoordelen": "Berichten beoordelen", "Vragen in SQL": "Vragen in SQL"}


def home(folder: Path) -> Path:
    """Make a home with forty posts, some in doubt, one with markup in it, one that two annotators differ about."""
    with vault(folder) as con:
        collect(con)
        load(con, *(post(number, source="sample") for number in range(40)), post(41, text=SCRIPT, source="sample"))
        annotate(con, lambda row: {"needs_review": row.post_id[-1] in "15", "goal_p": 0.2})
        publish(con, folder / "etalage.duckdb")
        draw(con, folder / "etalage.duckdb", 6, overlap=1, seed="dashboard")
        [[key]] = con.execute("select post_key from audit_posts where position = 1").fetchall()
        store_labels(con, [Label(key, "annotator-1", "learning"), Label(key, "annotator-2", "none")])
        publish(con, folder / "etalage.duckdb", key=PSEUDONYM)
    (folder / "keys").mkdir()
    write_key(folder / "keys" / PSEUDONYM_KEY, PSEUDONYM.decode())
    return folder


def test_binds_this_machine_and_tells_nobody():
    """The server listens on 127.0.0.1 alone, sends no statistics and shows no traces."""
    line = start.command(Path("data"), 8555)

    assert "--server.address=127.0.0.1" in line
    assert "--browser.gatherUsageStats=false" in line
    assert "--client.showErrorDetails=none" in line


def test_without_a_published_file(tmp_path, monkeypatch):
    """Before the first publishing, and without Streamlit, one line says what to do."""
    monkeypatch.setattr(start, "find_spec", lambda _: None)
    with pytest.raises(WarehouseError, match="uv sync --inexact --extra dashboard"):
        start.serve(tmp_path, 8555, open_browser=False)
    monkeypatch.setattr(start, "find_spec", lambda _: True)
    with pytest.raises(WarehouseError, match="etalage nightly"):
        start.serve(tmp_path, 8555, open_browser=False)


def test_every_label_has_its_rule():
    """The labelling page has a rule of the codebook for every goal and theme."""
    assert {*codebook.PURPOSE_OF, *codebook.THEMES} - {"none"} <= {name for name, rule in rules().items() if rule}
    assert decisions().startswith("1. **Whose gain?**")


def test_the_labelling_page_says_what_themes_and_goals_mean(tmp_path):
    """Each theme to choose has its meaning in Dutch beside it, and in the codebook's English, as each goal has."""
    testing = pytest.importorskip("streamlit.testing.v1", reason="streamlit is not installed")
    folder = home(tmp_path)
    script = f"from pathlib import Path\nfrom warehouse.dashboard.label_page import show\nshow(Path({str(folder)!r}))"
    app = testing.AppTest.from_string(script, default_timeout=PATIENCE / 1000).run()
    app.text_input(key="annotator").set_value("tester").run()

    assert not app.exception
    [themes] = app.multiselect
    shown = " ".join(words.value for words in app.markdown)
    assert len(themes.options) == len(THEME_HINTS) == 7
    assert all(any(option.endswith(f": {hint}") for option in themes.options) for hint in THEME_HINTS.values())
    assert [theme for theme in THEME_HINTS if rules()[theme] not in shown] == []
    assert {rules()[goal] for goal in codebook.PURPOSE_OF} <= set(app.radio[1].proto.captions)


def test_the_overview_says_it_as_the_report_does(tmp_path):
    """Whom posts serve, small shares and intervals are worded as in the report; platforms have their names."""
    testing = pytest.importorskip("streamlit.testing.v1", reason="streamlit is not installed")
    with duckdb.connect(str(home(tmp_path) / "etalage.duckdb")) as con:
        con.execute(
            "update mart.purpose_share set share = 0.004, share_low = 0.001, share_high = 0.01 where purpose = 'other'"
        )
    script = f"from pathlib import Path\nfrom warehouse.dashboard.overview import show\nshow(Path({str(tmp_path)!r}))"
    app = testing.AppTest.from_string(script, default_timeout=PATIENCE / 1000).run()
    captions = " ".join(caption.value for caption in app.caption)

    assert not app.exception
    assert {metric.label for metric in app.metric} == {"Voor de organisatie", "Voor zichzelf", "Geen van beide"}
    assert [metric.value for metric in app.metric if metric.label == "Geen van beide"] == ["0,4%"]
    assert "tussen 0,1 en 1,0% (95%)" in captions
    assert "41 berichten van 7 auteurs" in captions
    assert app.selectbox[1].options == ["alle", "X"]
    assert "marge" not in captions


def test_the_other_filters_choose_from_all_that_holds_the_words(tmp_path):
    """A platform's post is found also where more posts of another fit the words better than a list shows."""
    testing = pytest.importorskip("streamlit.testing.v1", reason="streamlit is not installed")
    from warehouse.dashboard.post_page import FOUND  # noqa: PLC0415 - Streamlit

    with vault(tmp_path) as con:
        collect(con)
        load(
            con,
            *(post(number, text="werving", source="sample") for number in range(FOUND)),
            *(post(FOUND + number, text="iets anders", source="sample") for number in range(FOUND)),
            post(2 * FOUND, platform="reddit", text="werving naast heel veel andere woorden", source="sample"),
        )
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")
    script = f"from pathlib import Path\nfrom warehouse.dashboard.post_page import show\nshow(Path({str(tmp_path)!r}))"
    app = testing.AppTest.from_string(script, default_timeout=PATIENCE / 1000).run()
    app.text_input[0].set_value("werving")
    app.selectbox(key="filter-platform").set_value("reddit").run()

    assert not app.exception
    assert [info.value for info in app.info] == []
    assert app.caption[0].value == "1 bericht."


def test_the_command_imports_nothing_heavy():
    """The command's module brings no Streamlit to `etalage --help`."""
    assert not {"streamlit", "duckdb"} & set(vars(analysing))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return the address and home of a running dashboard."""
    pytest.importorskip("streamlit", reason="streamlit is not installed (uv sync --inexact --extra dashboard)")
    folder = home(tmp_path_factory.mktemp("dashboard"))
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(start.command(folder, port), env=env, stdout=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + 90
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                    break
                except OSError:
                    assert time.monotonic() < until, "the dashboard does not answer"
                    time.sleep(0.3)
            yield f"http://127.0.0.1:{port}", folder
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def chromium():
    """Return a headless Chromium that is there already."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with driver.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        context = browser.new_context()
        context.set_default_timeout(PATIENCE)
        yield context
        browser.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser(served, chromium, width):
    """Every page renders at both widths without a console error, an outside request or a sideways scroll bar."""
    address, folder = served
    page = chromium.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    errors, outside = [], []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: outside.append(request.url) if address[7:] not in request.url else None)
    page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
    page.goto(address)
    settle(page, "Voor wie zijn de berichten?")
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for(timeout=PATIENCE)
    page.wait_for_function("document.documentElement.lang === 'nl'")
    assert page.evaluate(CONTRAST) == []
    for link, title in PAGES.items():
        # On a phone the menu lies outside the screen, and slides in and out while one tries to click.
        page.get_by_role("link", name=link).dispatch_event("click")
        settle(page, title)
        assert "VERZONNEN VOORBEELD" in page.inner_text("body")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CONTRAST) == []
        if link == "Beoordelen":
            label(page, f"tester-{width}")
    page.close()

    assert [url for url in outside if not url.startswith(("data:", "blob:"))] == []
    assert errors == []
    stored = [json.loads(file.read_text()) for file in (folder / "labels" / "inbox").glob("*.jsonl")]
    [mine] = [row for row in stored if row["annotator"] == f"tester-{width}"]
    assert (mine["goal"], mine["purpose"], mine["codebook_version"]) == ("peer_exchange", "personal", "2")


def settle(page, title):
    """Wait until a page is drawn."""
    page.get_by_role("heading", name=title, exact=True).wait_for(timeout=PATIENCE)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-testid=stSkeleton]')"
    )


def label(page, annotator):
    """Answer one post; the model's guess is nowhere until then."""
    page.get_by_test_id("stTextInputField").fill(annotator)
    page.keyboard.press("Enter")
    page.get_by_test_id("stForm").wait_for(timeout=PATIENCE)
    settle(page, PAGES["Beoordelen"])
    assert "model las" not in page.inner_text("body")
    page.get_by_test_id("stForm").get_by_role("radiogroup").locator("label").nth(1).click()
    page.get_by_role("button", name="Bewaar mijn keuze").click()
    page.get_by_text("Het model las").wait_for(timeout=PATIENCE)


@pytest.fixture
def page(served, chromium):
    """Return the first page, drawn on a desk's screen."""
    page = chromium.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(served[0])
    settle(page, "Voor wie zijn de berichten?")
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for(timeout=PATIENCE)
    yield page
    page.close()


def test_from_a_goal_to_its_posts(page):
    """The overview leads to the posts behind a goal, with the filters set; what it rests on stands above."""
    assert "van wat gepland was" in page.inner_text("body")
    page.get_by_role("combobox", name="Berichten achter een doel").click()
    page.keyboard.type("arbeidsmarkt")
    page.keyboard.press("Enter")
    settle(page, "Voor wie zijn de berichten?")
    page.get_by_role("button", name="Bekijk deze berichten").click()
    settle(page, "Berichten")
    page.get_by_text("41 berichten.").wait_for(timeout=PATIENCE)

    assert "Arbeidsmarktcommunicatie en werving" in page.inner_text("[data-testid=stMain]")


def test_annotators_who_differ_are_decided_between(page, served):
    """Who adjudicates sees both answers, not the model's, and the decision goes to the inbox as one."""
    page.get_by_role("link", name="Beoordelen").click()
    settle(page, PAGES["Beoordelen"])
    page.get_by_test_id("stTextInputField").fill("Judge-1")  # capitals are taken for small letters
    page.keyboard.press("Enter")
    page.get_by_text("Waar beoordelaars verschillen").click()
    page.get_by_text("1 bericht wacht op een beslissing").wait_for(timeout=PATIENCE)
    settle(page, PAGES["Beoordelen"])
    shown = page.inner_text("[data-testid=stMain]")
    assert "Leren en ontwikkelen" in shown
    assert "model las" not in shown
    page.get_by_test_id("stForm").get_by_role("radiogroup").locator("label").nth(1).click()
    page.get_by_role("button", name="Bewaar mijn keuze").click()
    page.get_by_text("Het model las").wait_for(timeout=PATIENCE)

    stored = [json.loads(file.read_text()) for file in (served[1] / "labels" / "inbox").glob("*.jsonl")]
    assert [row["kind"] for row in stored if row["annotator"] == "judge-1"] == ["adjudication"]


def test_sql_reads_and_comes_as_files(page, tmp_path):
    """The box answers, refuses to write in a line, and its answer downloads as CSV and Parquet; the keyboard asks."""
    page.get_by_role("link", name="Vragen in SQL").click()
    settle(page, "Vragen in SQL")
    box = page.get_by_role("textbox", name="Uw vraag")
    box.fill("delete from core.posts")
    page.keyboard.press("Control+Enter")
    page.get_by_text("the published file is read-only").wait_for(timeout=PATIENCE)
    box.fill("select count(*) as n from core.posts")
    page.keyboard.press("Control+Enter")
    page.get_by_text("1 regel", exact=True).wait_for(timeout=PATIENCE)
    settle(page, "Vragen in SQL")
    for kind, begins in (("CSV", b"\xef\xbb\xbfn\r\n41"), ("Parquet", b"PAR1")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"Download als {kind}").click()
        waiting.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(begins)


def test_by_keyboard_and_contrast(page):
    """Tab comes to every page of the menu and every filter; pale text would be found."""
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText"))
    pale = page.evaluate(
        "(() => { const note = document.createElement('p'); note.innerText = 'bleek'; note.style.color = '#bbb';"
        " document.body.append(note); })()"
    )
    words = " ".join(filter(None, reached))

    assert [name for name in (*PAGES, "Periode", "Platform", "Rol", "Bekijk deze berichten") if name not in words] == []
    assert pale is None
    assert [text for _, text in page.evaluate(CONTRAST)] == ["bleek"]


def test_markup_in_a_post_is_text(served, chromium):
    """A post with a script, Markdown and a javascript link is shown as the characters it is."""
    page = chromium.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(served[0])
    settle(page, "Voor wie zijn de berichten?")
    page.get_by_role("link", name="Berichten").click()
    settle(page, "Berichten")
    shown = page.locator(".etalage-post").inner_text()
    links = page.locator(".etalage-post a, .etalage-post script, .etalage-post strong").count()
    page.close()

    assert shown == SCRIPT
    assert (links, dialogs) == (0, [])
