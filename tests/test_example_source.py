"""The source that the documentation shows works as it says: paging, faults, mapping, and the vault behind it."""

import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from collecting import patience, presences
from loopback import Told, serving
from stocked import KEY, PSEUDONYM

from connectors.errors import Refused
from connectors.source import Window
from flows.asking import askable
from warehouse.load import merge_posts
from warehouse.vault import open_vault

FILE = Path(__file__).parent.parent / "docs" / "example_source.py"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = Window("lemmy", "community:hr", NOON - timedelta(days=2), NOON)


@pytest.fixture(scope="module")
def lemmy():
    """Give the documentation's module."""
    spec = importlib.util.spec_from_file_location("example_source", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def item(number, base_url="https://feddit.example", **post):
    """Return one post as Lemmy writes it, an hour older than the one before."""
    return {
        "post": {
            "id": number,
            "ap_id": f"{base_url}/post/{number}",
            "name": f"Onderwerp {number}",
            "body": "Wie herkent dit?",
            "published": (NOON - timedelta(hours=number)).isoformat(),
        }
        | post,
        "creator": {"actor_id": "https://feddit.example/u/noor", "name": "noor", "bio": "HR-adviseur"},
        "counts": {"score": 3, "comments": 1},
    }


def three_pages(asked):
    """Answer as a community of six posts; the fifth is a broken one."""
    start = int(asked.query.get("page_cursor", "P0")[1:])
    listed = [*(item(number) for number in range(1, 5)), {"post": {"name": "zonder id"}}, item(6, deleted=True)]
    following = {"next_page": f"P{start + 2}"} if start + 2 < len(listed) else {}
    return Told({"posts": listed[start : start + 2]} | following)


def test_it_is_as_short_as_promised():
    """The documentation says under 150 lines."""
    assert len(FILE.read_text().splitlines()) < 150


@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
@pytest.mark.parametrize("fault", [Told("", 503), Told('{"posts": ['), Told(""), Told("[]"), Told({})])
def test_a_passing_fault_costs_nothing(lemmy, fault, skip):
    """Every page arrives once, whatever happened to a request for it."""
    numbers = iter(range(99))
    with serving(lambda asked: fault if next(numbers) == skip else three_pages(asked)) as server:
        pages = list(lemmy.LemmySource(base_url=server.base_url, waiting=patience()).pages(DAY))

    assert [page.end for page in pages] == ["more", "more", "complete"]
    assert len(server.asked) == 4


def test_its_posts_reach_the_vault_and_a_killed_window_goes_on(lemmy, tmp_path):
    """Another process goes on from the stored position; the broken item is set aside, the deleted one is no post."""
    with serving(three_pages) as server:
        make = lambda: lemmy.LemmySource(base_url=server.base_url, waiting=patience())  # noqa: E731
        first = next(make().pages(DAY))
        pages = [first, *make().pages(DAY, first.position)]
    mapped = [(number, lemmy.posts(page, "lemmy", DAY.query)) for number, page in enumerate(pages)]
    with open_vault(tmp_path / "vault.duckdb", KEY) as con:
        merged = merge_posts(con, mapped, PSEUDONYM)
        rows = con.execute(
            "select post_id, handle, bio, created_at, text, likes from posts join authors using (platform, author_id)"
        ).fetchall()

    assert (merged.inserted, merged.rejected, len(server.asked)) == (4, 1, 3)
    assert min(rows) == (
        *("https://feddit.example/post/1", "noor", "HR-adviseur"),
        *(NOON - timedelta(hours=1), "Onderwerp 1\n\nWie herkent dit?", 3),
    )


def test_it_is_refused_and_stopped_as_every_source_is(lemmy):
    """A refusal is asked for once and concerns its query; a window that begins later is left early."""
    with serving(lambda _asked: Told({"error": "couldnt_find_community"}, 404)) as server:
        with pytest.raises(Refused, match="couldnt_find_community") as caught:
            list(lemmy.LemmySource(base_url=server.base_url, waiting=patience()).pages(DAY))
        assert (caught.value.whole_source, len(server.asked)) == (False, 1)
    with serving(three_pages) as server:
        late = Window("lemmy", "community:hr", NOON - timedelta(hours=1, minutes=30), NOON)
        assert len(list(lemmy.LemmySource(base_url=server.base_url).pages(late))) == 1


def test_it_tells_what_became_of_a_post(lemmy):
    """Found, deleted, and unknown for what another server has."""

    def answer(asked):
        gone = {"2": Told({"post_view": {"post": {"removed": True}}}), "3": Told({"error": "couldnt_find_post"}, 404)}
        return gone.get(asked.query["id"], Told({"post_view": {"post": {"deleted": False}}}))

    with serving(answer) as server:
        source = lemmy.LemmySource(base_url=server.base_url, waiting=patience())
        ids = [f"{server.base_url}/post/{number}" for number in (1, 2, 3)]
        outcomes = presences(source.look_again([*ids, "https://far.example/post/1"]))

    assert list(outcomes.values()) == ["found", "deleted", "deleted", "unknown"]


def test_sweep_and_refresh_ask_it(lemmy):
    """They ask every source that can look again at its posts, whatever its name."""
    source = lemmy.LemmySource(base_url="https://feddit.example")

    assert askable({"lemmy": source}) == {"lemmy": source}
