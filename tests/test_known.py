"""What the vault knows is neither fetched nor paid for again."""

from datetime import UTC, datetime, timedelta

from fake_x import FakeX
from loopback import Told, serving
from stocked import load, post
from x_source import source

from connectors.feeds.source import FeedsSource
from connectors.source import Page, Window
from flows.known import known
from warehouse.pages import store_page
from warehouse.vault import open_vault

NOW = datetime.now(UTC).replace(microsecond=0)
FEED = """<rss version="2.0"><channel><title>Blog</title><item><guid>https://blog.example/1</guid><title>Een</title>
<pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate></item></channel></rss>"""


def test_an_unchanged_feed_is_not_fetched_again_in_a_later_run(tmp_path):
    """The version goes with the stored page; without that page there is no version, and the feed is fetched whole."""

    def answer(asked):
        if asked.headers.get("if-none-match") == '"v1"':
            return Told("", status=304)
        return Told(FEED, headers={"etag": '"v1"', "content-type": "application/rss+xml"})

    ends = []
    with serving(answer) as blog:
        url = f"{blog.base_url}/feed"
        for run in range(3):
            with open_vault(tmp_path / "vault.duckdb", "a key for this test") as con:
                window = Window("feeds", url, NOW - timedelta(days=7 - run), NOW)
                for page in FeedsSource(urls=[url], state=known(con).feeds).pages(window):
                    store_page(con, window, page, f"r{run}")
                    ends.append((run, page.end))
                if run == 1:
                    con.execute("delete from pages")

    assert [("if-none-match" in asked.headers) for asked in blog.asked] == [False, True, False]
    assert [run for run, end in ends if end == "more"] == [0, 2]


def test_accounts_are_known_by_the_handle_they_had_last(tmp_path):
    """Of two accounts with one handle the one seen last counts, whatever the case; others' platforms do not."""
    with open_vault(tmp_path / "vault.duckdb", "a key for this test") as con:
        for platform, number, handle, days in [
            ("x", "1", "Noor", 9),
            ("x", "2", "noor", 1),
            ("x", "3", None, 1),
            ("bluesky", "did:plc:a", "noor.example", 1),
        ]:
            seen = NOW - timedelta(days=days)
            con.execute(
                "insert into authors values ($p, $id, $id, $handle, null, null, $seen, $seen)",
                {"p": platform, "id": number, "handle": handle, "seen": seen},
            )
        found = known(con)

    assert (found.x, found.bluesky) == ({"noor": "2"}, {"noor.example": "did:plc:a"})


def test_an_account_that_writes_nothing_is_paid_for_once(tmp_path):
    """Nothing of it is stored but the place of its empty page, and that tells the next night whom the name means."""
    with serving(FakeX([])) as x:
        for run in range(2):
            with open_vault(tmp_path / "vault.duckdb", "a key for this test") as con:
                window = Window("x", "timeline:noor_vdberg_hr", NOW - timedelta(days=2 - run), NOW)
                for page in source(x.base_url, known_users=known(con).x).pages(window):
                    store_page(con, window, page, f"r{run}")
    assert x.paths.count("/2/users/by") == 1


def test_a_place_tells_whom_a_name_means_only_where_it_can(tmp_path):
    """The first that does counts, and posts before it; a page without one makes no name known."""
    told = [
        ("timeline:@Noor", '{"user": "501"}'),
        ("timeline:noor", '{"user": "9"}'),
        ("timeline:bram", '{"user": "502"}'),
        ("timeline:leeg", None),
        ("timeline:oud", "p2"),
        ("search:hr", '{"start": "2026-03-10T12:00:00Z"}'),
    ]
    with open_vault(tmp_path / "vault.duckdb", "a key for this test") as con:
        for query, position in told:
            page = Page("x/posts", "{}", NOW, "complete", position)
            store_page(con, Window("x", query, NOW - timedelta(days=1), NOW), page, "r")
        load(con, post(1, author_id="7", handle="bram", query="timeline:bram"))
        found = known(con)

    assert found.x == {"noor": "501", "bram": "7"}


def test_a_name_of_the_panel_stays_with_its_account(tmp_path):
    """Who is asked for by name is followed under another one; a stranger who takes the name is not."""
    with open_vault(tmp_path / "vault.duckdb", "a key for this test") as con:
        load(con, post(1, author_id="1", handle="noor", query="timeline:@Noor"))
        load(con, post(2, author_id="1", handle="noor_nieuw", query="timeline:@Noor"))
        load(con, post(3, author_id="9", handle="noor", query="search:#hr"))
        load(con, post(4, author_id="did:plc:a", platform="bluesky", handle="b.example", query="author:a.example"))
        found = known(con)

    assert found.x == {"noor": "1", "noor_nieuw": "1"}
    assert found.bluesky == {"a.example": "did:plc:a", "b.example": "did:plc:a"}
