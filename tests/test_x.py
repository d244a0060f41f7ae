"""X through tweepy itself, against a small X on loopback: timelines, lists and searches, page by page."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from collecting import ids_of
from fake_x import NOON, FakeX, iso, post, series, snowflake, user
from loopback import Told, serving
from x_source import SINCE, UNTIL, source, window

from connectors.errors import Refused
from connectors.mapping import map_page
from connectors.position import written
from connectors.x.place import Place


def test_archive_is_read_page_by_page_to_its_end():
    """Every post of a window is read once, newest first, and the last page says complete."""
    posts = series(25)
    with serving(FakeX(posts)) as x:
        pages = list(source(x.base_url, page_size=10).pages(window("archive:werk")))

    assert [item["id"] for item in posts] == ids_of(pages)
    assert [page.end for page in pages] == ["more", "more", "complete"]
    assert x.paths == ["/2/tweets/search/all"] * 3


def test_author_bio_time_and_text_come_with_the_page():
    """A post carries its author's handle, name and bio without another request."""
    with serving(FakeX([post(text="Werk &amp; privé")])) as x:
        [page] = source(x.base_url).pages(window("archive:werk"))

    [item] = map_page(page, source="x", query="archive:werk").posts
    assert (
        item.handle,
        item.display_name,
        item.bio,
    ) == ("noor_vdberg_hr", "Noor van den Berg", "HR-adviseur bij Molenwiek Zorg & Welzijn")
    assert (item.created_at, item.text, item.query) == (NOON, "Werk & privé", "archive:werk")


def test_killed_between_two_pages_nothing_is_lost_or_read_twice():
    """A second process that goes on from the stored position reads the rest and only the rest."""
    posts = series(35)
    with serving(FakeX(posts)) as x:
        first = next(source(x.base_url, page_size=10).pages(window("archive:werk")))
        rest = list(source(x.base_url, page_size=10).pages(window("archive:werk"), first.position))

    assert [item["id"] for item in posts] == ids_of([first, *rest])
    assert len(x.asked) == 4


def test_requests_of_a_page_bear_the_very_bounds_of_the_first():
    """A page token is used with the times that it was given for, also by a later run."""
    with serving(FakeX(series(25))) as x:
        first = next(source(x.base_url, page_size=10).pages(window("archive:werk")))
        list(source(x.base_url, page_size=10).pages(window("archive:werk"), first.position))

    bounds = {(asked.query["start_time"], asked.query["end_time"]) for asked in x.asked}
    assert {("2026-02-08T12:00:00Z", "2026-03-10T13:00:00Z")} == bounds


def test_a_fraction_of_a_second_belongs_to_the_window():
    """X drops fractions of a second, so the window's end is rounded up."""
    until = NOON.replace(microsecond=1)
    with serving(FakeX([post(NOON)])) as x:
        pages = list(source(x.base_url).pages(window("archive:werk", until=until)))

    assert [post(NOON)["id"]] == ids_of(pages)


def test_names_are_resolved_once_and_together():
    """The names of all timelines cost one request in all, and their reads are told with the next page."""
    users = [user(), user("502", "bram_janssen_hr")]
    posts = [post(), post(NOON, author_id="502", id=snowflake(NOON, 1))]
    queries = ["timeline:noor_vdberg_hr", "timeline:@bram_janssen_hr"]
    with serving(FakeX(posts, users)) as x:
        one = source(x.base_url, queries=queries)
        pages = [page for query in queries for page in one.pages(window(query))]

    assert x.paths == ["/2/users/by", "/2/users/501/tweets", "/2/users/502/tweets"]
    assert [(page.end, len(ids_of([page]))) for page in pages] == [("complete", 1), ("complete", 1)]
    assert pages[0].reads == (("post", 1), ("user", 2), ("user repeated", 1))


def test_known_accounts_cost_no_user_read():
    """A name whose id is known already is not asked for."""
    with serving(FakeX([post()])) as x:
        one = source(x.base_url, known_users={"noor_vdberg_hr": "501"})
        list(one.pages(window("timeline:noor_vdberg_hr")))

    assert x.paths == ["/2/users/501/tweets"]


def test_an_unknown_name_is_refused_with_the_reason_and_nothing_else_is():
    """A missing account refuses its own query and costs no second question."""
    with serving(FakeX([post()])) as x:
        one = source(x.base_url)
        for _ in range(2):
            with pytest.raises(Refused, match=r"Could not find user with usernames: \[weg\]") as caught:
                list(one.pages(window("timeline:weg")))

    assert not caught.value.whole_source
    assert len(x.asked) == 1


def test_a_suspended_account_is_refused_alone():
    """HTTP 200 with errors and no data is a refusal of one query, with X's words."""
    told = Told({"errors": [{"title": "Forbidden", "detail": "User has been suspended: [9].", "resource_id": "9"}]})
    with serving(lambda _asked: told) as x, pytest.raises(Refused, match="User has been suspended") as caught:
        list(source(x.base_url).pages(window("timeline:9")))

    assert not caught.value.whole_source


def test_an_empty_timeline_is_complete():
    """No posts in the window is a result, not an error."""
    with serving(FakeX([], [user()])) as x:
        pages = list(source(x.base_url).pages(window("timeline:noor_vdberg_hr")))

    assert [page.end for page in pages] == ["complete"]


def test_a_timeline_cut_by_its_cap_is_capped_at_what_was_reached():
    """When X shows no post before the window of a busy account, the window is not called complete."""
    posts = series(60)
    with serving(FakeX(posts, [user(posts=90000)], cap=20)) as x:
        pages = list(source(x.base_url, page_size=10).pages(window("timeline:noor_vdberg_hr")))

    assert (["more", "more", "capped"], posts[19]["created_at"][:19]) == (
        [page.end for page in pages],
        pages[-1].reached.isoformat()[:19],
    )


@pytest.mark.parametrize(("shown", "end"), [(3200, "capped"), (2800, "complete")])
def test_the_cap_of_a_timeline_is_3200_posts(shown, end):
    """Read from its newest post on: near X's own figure a look behind the window decides, well below it is none."""
    now = datetime.now(UTC).replace(microsecond=0)
    wanted = series(shown, newest=now - timedelta(hours=1), step=timedelta(minutes=2))
    since = now - timedelta(days=9)
    with serving(FakeX(wanted, [user(posts=90000)], cap=3200)) as x:
        pages = list(source(x.base_url).pages(window("timeline:501", since, now)))

    assert [item["id"] for item in wanted] == ids_of(pages)
    assert pages[-1].end == end
    assert (x.asked[-1].query["max_results"] == "5") == (end == "capped")
    assert pages[-1].reached == (datetime.fromisoformat(wanted[-1]["created_at"]) if end == "capped" else None)


def test_a_timeline_that_goes_on_behind_the_window_is_complete():
    """A look of five posts behind the window proves that its cap was not hit."""
    posts = series(60)
    since = NOON - timedelta(hours=14, minutes=30)
    with serving(FakeX(posts, [user(posts=90000)], cap=30)) as x:
        pages = list(source(x.base_url, page_size=10).pages(window("timeline:noor_vdberg_hr", since)))

    assert [page.end for page in pages] == ["more", "more", "complete"]
    assert x.asked[-1].query["max_results"] == "5"
    assert "start_time" not in x.asked[-1].query
    assert [item["id"] for item in posts[:20]] == ids_of(pages)


def test_a_quiet_timeline_is_known_by_its_own_count_of_posts():
    """An account with fewer posts than the cap needs no look behind the window."""
    with serving(FakeX(series(3), [user(posts=12)])) as x:
        pages = list(source(x.base_url).pages(window("timeline:501")))

    assert [page.end for page in pages] == ["complete"]


def test_an_account_younger_than_the_window_is_complete():
    """What was posted before an account existed needs no proof."""
    young = user(posts=90000, created_at="2026-03-01T00:00:00.000Z")
    with serving(FakeX(series(3), [young], cap=2)) as x:
        pages = list(source(x.base_url).pages(window("timeline:501")))

    assert pages[-1].end == "complete"


def test_a_list_ends_where_the_window_begins():
    """Lists know no dates, so reading stops at the page that passes the window's beginning."""
    with serving(FakeX(series(60))) as x:
        since = NOON - timedelta(hours=15)
        pages = list(source(x.base_url, page_size=10).pages(window("list:77", since)))

    assert [page.end for page in pages] == ["more", "complete"]


def test_a_list_that_ends_near_its_cap_is_capped():
    """A list that stops at about 800 posts before the window began is not complete."""
    posts = series(900, step=timedelta(minutes=1))
    with serving(FakeX(posts, cap=800)) as x:
        pages = list(source(x.base_url).pages(window("list:77")))

    assert ("capped", posts[799]["created_at"][:19]) == (pages[-1].end, pages[-1].reached.isoformat()[:19])


def test_recent_search_marks_what_it_cannot_reach():
    """A window that begins more than seven days ago is capped where recent search begins."""
    now = datetime.now(UTC)
    with serving(FakeX([])) as x:
        [page] = source(x.base_url).pages(window("search:hr", now - timedelta(days=9), now))

    assert page.end == "capped"
    assert abs(page.reached - (now - timedelta(days=7))) < timedelta(minutes=2)


def test_a_window_that_recent_search_cannot_reach_any_more_is_closed_as_capped_without_a_request():
    """What was missed for more than seven days stays a hole in the ledger, and is not asked for every night."""
    with serving(FakeX([])) as x:
        [page] = source(x.base_url).pages(window("search:hr"))

    assert (page.end, page.reached, ids_of([page]), x.asked) == ("capped", UNTIL, [], [])


def test_a_recent_search_that_aged_meanwhile_goes_on_within_reach():
    """A search resumed days later asks for what recent search still answers, and is capped there."""
    now = datetime.now(UTC).replace(microsecond=0)
    posts = series(30, newest=now - timedelta(days=6), step=timedelta(hours=2))
    place = Place(start=iso(now - timedelta(days=8)), token="t10", seen=10, oldest=posts[9]["created_at"])
    with serving(FakeX(posts)) as x:
        pages = list(source(x.base_url).pages(window("search:hr", now - timedelta(days=8), now), written(place)))

    assert "next_token" not in x.asked[0].query
    assert pages[-1].end == "capped"
    assert [item["id"] for item in posts[9:12]] == ids_of(pages)


def test_a_recent_search_that_ages_while_it_is_read_goes_on_within_reach(monkeypatch):
    """X refuses a beginning of more than seven days ago, also when it was none as the reading began."""
    began = datetime.now(UTC).replace(microsecond=0)
    clock = [began]
    monkeypatch.setattr("connectors.x.source.utc_now", lambda: clock[0])
    posts = series(40, newest=began - timedelta(days=6, hours=20), step=timedelta(minutes=5))
    fake = FakeX(posts)

    def aging(asked):
        start = asked.query["start_time"]
        if datetime.fromisoformat(start) < clock[0] - timedelta(days=7):
            return Told({"errors": [{"parameters": {"start_time": [start]}, "message": "too long ago"}]}, 400)
        clock[0] += timedelta(minutes=1)
        return fake(asked)

    with serving(aging) as x:
        pages = list(source(x.base_url, page_size=10).pages(window("search:hr", began - timedelta(days=7), began)))

    assert {item["id"] for item in posts} == set(ids_of(pages))
    assert pages[-1].end == "capped"


def test_a_window_up_to_now_is_resumed_from_its_place():
    """A window without an end to its requests resumes as well as any other."""
    now = datetime.now(UTC).replace(microsecond=0)
    posts = series(25, newest=now - timedelta(minutes=5), step=timedelta(minutes=1))
    upto_now = window("search:hr", now - timedelta(days=1), now)
    with serving(FakeX(posts)) as x:
        first = next(source(x.base_url, page_size=10).pages(upto_now))
        rest = list(source(x.base_url, page_size=10).pages(upto_now, first.position))

    assert [item["id"] for item in posts] == ids_of([first, *rest])
    assert len(x.asked) == 3


def test_a_lost_token_goes_on_by_time():
    """When X no longer knows a token the rest is asked for by time, and nothing is lost."""
    posts = series(30)
    refused = Told({"errors": [{"parameters": {"next_token": ["t10"]}, "message": "not a valid token"}]}, 400)
    fake = FakeX(posts, faults={1: refused})
    with serving(fake) as x:
        pages = list(source(x.base_url, page_size=10).pages(window("archive:werk")))

    assert {item["id"] for item in posts} == set(ids_of(pages))
    assert x.asked[2].query["end_time"] == "2026-03-10T03:00:01Z"


NO_TOKEN = Told({"errors": [{"parameters": {"pagination_token": ["t10"]}, "message": "not a valid token"}]}, 400)


def without_tokens(fake):
    """Answer as X does that has forgotten every token."""
    return lambda asked: NO_TOKEN if {"next_token", "pagination_token"} & set(asked.query) else fake(asked)


def test_a_list_that_loses_every_token_is_read_twice_and_no_more():
    """A list knows no times, so it begins at its top again; each page is paid, and the window ends as capped."""
    posts = series(30)
    with serving(without_tokens(FakeX(posts))) as x:
        pages = list(itertools.islice(source(x.base_url, page_size=10).pages(window("list:77")), 9))
        (rest,) = source(x.base_url, page_size=10).pages(window("list:77"), pages[1].position)

    assert [page.end for page in pages] == ["more", "more", "capped"]
    assert (pages[-1].reached, rest.reached) == (NOON - timedelta(hours=9),) * 2
    assert [item["id"] for item in posts[:10]] * 2 == ids_of(pages)


def test_what_lies_within_one_second_is_read_twice_and_no_more():
    """Going on by time makes no way there when X knows no token."""
    posts = [post(id=snowflake(NOON, serial)) for serial in range(30)]
    with serving(without_tokens(FakeX(posts))) as x:
        pages = list(itertools.islice(source(x.base_url, page_size=10).pages(window("archive:werk")), 9))

    assert [page.end for page in pages] == ["more", "more", "more", "capped"]
    assert pages[-1].reached == NOON


def test_a_page_that_names_itself_as_the_next_one_is_kept_and_gone_on_from():
    """It is paid, so it is stored; a search goes on by time, a list begins again once."""
    posts = series(30)

    def repeating(asked):
        told = fake(asked)
        if {"next_token", "pagination_token"} & set(asked.query) and "meta" in told.body:
            told.body["meta"]["next_token"] = "t10"
        return told

    fake = FakeX(posts)
    with serving(repeating) as x:
        one = source(x.base_url, page_size=10)
        found = list(itertools.islice(one.pages(window("archive:werk")), 9))
        listed = list(itertools.islice(one.pages(window("list:77")), 9))

    assert {item["id"] for item in posts} <= set(ids_of(found))
    assert found[-1].end == "complete"
    assert [page.end for page in listed] == ["more", "more", "more", "capped"]
    assert listed[-1].reached == NOON - timedelta(hours=19)


def test_nothing_is_sent_before_the_first_page_is_asked_for():
    """Making a source and planning its windows is free."""
    with serving(FakeX([post()])) as x:
        one = source(x.base_url, queries=["timeline:noor_vdberg_hr"])
        list(one.windows("timeline:noor_vdberg_hr", SINCE, UNTIL))
        one.pages(window("timeline:noor_vdberg_hr"))

    assert x.asked == []


def test_an_unreadable_position_starts_the_window_again():
    """A position of another version costs a second reading but loses nothing."""
    with serving(FakeX(series(3))) as x:
        pages = list(source(x.base_url).pages(window("archive:werk"), "not a position"))

    assert len(ids_of(pages)) == 3
