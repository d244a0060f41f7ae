"""The page store: a page, its bill and the position are stored together or not at all."""

import duckdb
import pytest
from stocked import START, WINDOW, vault

from connectors.source import Mapped, Page
from warehouse import ledger, pages
from warehouse.load import merge_posts


def test_the_last_page_closes_its_window(tmp_path):
    """A page that ends its window sets the window's state; the pages before it set its position, it does not."""
    with vault(tmp_path) as con:
        pages.store_page(con, WINDOW, Page("x/posts", "{1}", START, "more", "p2"), "run")
        between = ledger.open_windows(con)
        pages.store_page(con, WINDOW, Page("x/posts", "{2}", START, "capped", "p3", START), "run")

        assert [item.position for item in between] == ["p2"]
        assert ledger.open_windows(con) == []
        assert con.execute("select state, position, reached, count_pages from windows").fetchall() == [
            ("capped", None, START, 2)
        ]
        assert con.execute("select position from pages order by page_id").fetchall() == [("p2",), ("p3",)]


def test_all_or_nothing(tmp_path, monkeypatch):
    """When the position cannot be moved the page is not stored either."""
    real = pages.statement
    with vault(tmp_path) as con:
        ledger.plan(con, [WINDOW])
        broken = {"move_window": "select from nowhere"}
        monkeypatch.setattr(pages, "statement", lambda name: broken.get(name) or real(name))
        with pytest.raises(duckdb.Error):
            pages.store_page(con, WINDOW, Page("x/posts", "{}", START, "complete", reads=(("post", 1),)), "run")

        assert con.execute("select count(*) from pages").fetchone() == (0,)
        assert con.execute("select count(*) from reads").fetchone() == (0,)
        assert [item.state for item in ledger.open_windows(con)] == ["planned"]


def test_pages_wait_until_they_are_mapped(tmp_path):
    """Pages come back as they were, oldest first, until their posts are in the vault."""
    first = Page("x/posts", '{"text": "caf\u00e9 \U0001f389 \u202eworht"}', START, "more", "p2")
    with vault(tmp_path) as con:
        pages.store_page(con, WINDOW, first, "run")
        pages.store_page(con, WINDOW, Page("x/posts", "x" * 1_000_000, START, "complete"), "run")
        waiting = pages.unmapped_pages(con, 10)
        merge_posts(con, [(waiting[0].page_id, Mapped(()))], b"key")

        assert waiting[0].page == first
        assert (waiting[0].source, waiting[0].query) == ("x", WINDOW.query)
        assert [page.page_id for page in pages.unmapped_pages(con, 10)] == [waiting[1].page_id]
        assert pages.count_unmapped(con) == 1
        assert len(waiting[1].page.payload) == 1_000_000


@pytest.mark.parametrize(
    ("broken", "stored"), [("a\ud83d", "a\ufffd"), ("\ud83c\udf89", "\U0001f389"), ("gewoon", "gewoon")]
)
def test_sound(broken, stored):
    """Halves of a surrogate pair are joined, or replaced when they stand alone."""
    assert stored == pages.sound(broken)


def test_a_page_with_half_a_character(tmp_path):
    """A payload that UTF-8 cannot hold does not stop the page."""
    with vault(tmp_path) as con:
        pages.store_page(con, WINDOW, Page("x/posts", '{"text": "\ud83d"}', START, "complete"), "run")

        assert pages.unmapped_pages(con, 1)[0].page.payload == '{"text": "\ufffd"}'
