"""How far Bluesky is read: windows, slices of a search, cursors that get lost."""

import itertools
from datetime import timedelta

import pytest
from collecting import ids_of, posts_of
from fake_bluesky import ANNA, NOON, WEEK, FakeBluesky, source, view, window
from loopback import Told, serving

from connectors.bluesky.posts import created


def test_an_authors_feed_is_read_without_logging_in_and_with_bios():
    """Two pages, one request for the bio, no account used."""
    with serving(FakeBluesky([view(number) for number in range(15)])) as bluesky:
        pages = list(source(bluesky.base_url, page_size=10).pages(window("author:anna.bsky.example")))
    assert [post.bio for post in posts_of(pages)] == ["HR-adviseur 🌱"] * 15
    assert [path.rsplit(".", 1)[-1] for path in bluesky.paths] == ["getAuthorFeed", "getProfiles", "getAuthorFeed"]
    assert not [request for request in bluesky.asked if "authorization" in request.headers]


def test_a_feed_is_left_once_it_is_older_than_the_window():
    """Of 300 posts only the pages down to the window's beginning are asked for."""
    posts = [view(number * 30) for number in range(300)]
    since = NOON - timedelta(hours=24)
    with serving(FakeBluesky(posts)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=20).pages(window("author:anna.bsky.example", since)))
    assert pages[-1].end == "complete"
    assert len(pages) == 3
    assert min(post.created_at for post in posts_of(pages)) < since


def test_one_forged_time_does_not_end_a_feed():
    """A single post dated in the past hides none of those after it."""
    posts = [view(number) for number in range(30)]
    posts[9]["record"]["createdAt"] = "2011-01-01T00:00:00Z"
    with serving(FakeBluesky(posts)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=10).pages(window("author:anna.bsky.example")))
    assert len(ids_of(pages)) == 30


def test_a_search_beyond_its_cap_is_sliced_and_complete():
    """A search that shows 50 posts at most still finds all 170, each once."""
    posts = [view(number) for number in range(170)]
    with serving(FakeBluesky(posts, cap=50)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=20, cap=50).pages(window("search:planner")))
    assert sorted(set(ids_of(pages))) == sorted(post["uri"] for post in posts)
    assert pages[-1].end == "complete"
    assert len(ids_of(pages)) < 200


def test_the_cap_of_a_search_is_10000_posts():
    """By Bluesky's own figure, in pages of a hundred: more than a search shows are all found."""
    posts = [
        view(number, NOON + timedelta(minutes=number) - timedelta(seconds=30 * number)) for number in range(10_300)
    ]
    posts = [post | {"uri": f"at://{ANNA}/app.bsky.feed.post/{number:05}"} for number, post in enumerate(posts)]
    with serving(FakeBluesky(posts, cap=10_000)) as bluesky:
        pages = list(source(bluesky.base_url).pages(window("search:planner")))
    assert set(ids_of(pages)) == {post["uri"] for post in posts}
    assert pages[-1].end == "complete"
    assert len([path for path in bluesky.paths if path.endswith("searchPosts")]) < 110


BOUNDS = {
    "as documented": lambda since, until: {since},
    "both in": lambda since, until: {since, until},
    "neither": lambda since, until: set(),
    "the end alone": lambda since, until: {until},
}


@pytest.mark.parametrize("inclusive", BOUNDS.values(), ids=BOUNDS)
def test_no_post_falls_between_two_windows_or_two_slices(inclusive):
    """Whether a server counts `since` and `until` in or out, the bounds and all within them are found."""
    posts = [view(number) for number in range(60)]
    middle = NOON - timedelta(minutes=30)  # the very time of a post
    bounds = [NOON - timedelta(minutes=59), middle, NOON + timedelta(seconds=1)]
    with serving(FakeBluesky(posts, cap=20, inclusive=inclusive)) as bluesky:
        one = source(bluesky.base_url, page_size=10, cap=20)
        pages = [list(one.pages(window("search:planner", *bounds[at : at + 2]))) for at in (0, 1)]

    assert [found[-1].end for found in pages] == ["complete", "complete"]
    for at, found in enumerate(pages):
        inside = {post["uri"] for post in posts if bounds[at] <= created(post) < bounds[at + 1]}
        assert inside <= set(ids_of(found))


def test_posts_of_one_moment_at_the_end_of_a_slice_are_all_found():
    """A search cut between two posts of the same whole second goes on with that second."""
    times = [NOON - timedelta(minutes=number) for number in range(19)]
    posts = [view(0, moment) for moment in [*times, *[NOON - timedelta(minutes=20)] * 5, NOON - timedelta(minutes=30)]]
    posts = [post | {"uri": f"at://{ANNA}/app.bsky.feed.post/{number:04}"} for number, post in enumerate(posts)]
    with serving(FakeBluesky(posts, cap=20)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=10, cap=20).pages(window("search:planner")))

    assert set(ids_of(pages)) == {post["uri"] for post in posts}


def test_a_forged_time_makes_no_hole_in_a_sliced_search():
    """A post dated years back at the end of a slice does not send the search there."""
    posts = [view(number) for number in range(120)]
    forged = view(49) | {"indexedAt": "2011-01-01T00:00:00Z"}
    with serving(FakeBluesky([*posts[:49], forged, *posts[50:]], cap=50)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=25, cap=50).pages(window("search:planner")))
    assert set(ids_of(pages)) == {post["uri"] for post in posts}


def test_more_posts_in_one_second_than_a_search_can_show_is_capped():
    """A window that cannot be sliced any further says how far it reached."""
    same = [view(0) | {"uri": f"at://{ANNA}/app.bsky.feed.post/{number}"} for number in range(80)]
    with serving(FakeBluesky(same, cap=50)) as bluesky:
        pages = list(source(bluesky.base_url, page_size=25, cap=50).pages(window("search:planner")))
    assert pages[-1].end == "capped"
    assert pages[-1].reached == NOON


def test_a_search_resumed_in_a_later_slice_goes_on_there():
    """Killed between any two pages, a sliced search loses nothing."""
    posts = [view(number) for number in range(120)]
    with serving(FakeBluesky(posts, cap=50)) as bluesky:
        options = {"page_size": 25, "cap": 50}
        pages = list(source(bluesky.base_url, **options).pages(window("search:planner")))
        for stop in range(1, len(pages)):
            rest = list(source(bluesky.base_url, **options).pages(window("search:planner"), pages[stop - 1].position))
            assert set(ids_of(pages[:stop]) + ids_of(rest)) == {post["uri"] for post in posts}


def forgetting(fake):
    """Have a Bluesky refuse every cursor of a feed."""
    bad = Told({"error": "InvalidRequest", "message": "Malformed cursor"}, status=400)
    fake.tell["getAuthorFeed"] = lambda asked: (
        bad if "cursor" in asked.query else FakeBluesky.getAuthorFeed(fake, asked)
    )
    return fake


def test_a_lost_cursor_starts_the_feed_again():
    """A position that Bluesky no longer knows costs a second reading but loses nothing."""
    fake = forgetting(FakeBluesky([view(number) for number in range(5)]))
    with serving(fake) as bluesky:
        pages = list(source(bluesky.base_url).pages(window("author:anna.bsky.example"), '{"cursor": "old"}'))
    assert len(ids_of(pages)) == 5


def test_a_feed_that_loses_every_cursor_is_read_twice_and_no_more():
    """It knows no times to go on by, so its window ends as capped, with how far it was read."""
    fake = forgetting(FakeBluesky([view(number) for number in range(30)]))
    with serving(fake) as bluesky:
        one = source(bluesky.base_url, page_size=10)
        pages = list(itertools.islice(one.pages(window("author:anna.bsky.example")), 9))
        (rest,) = one.pages(window("author:anna.bsky.example"), pages[1].position)
    assert [page.end for page in pages] == ["more", "more", "capped"]
    assert (pages[-1].reached, rest.reached) == (NOON - timedelta(minutes=5),) * 2  # the newest of the last five
    assert ids_of(pages) == [view(number)["uri"] for number in range(10)] * 2


def test_a_search_that_loses_every_cursor_goes_on_by_time():
    """Neither its slice nor what was read of it is lost, and it is complete."""
    posts = [view(number) for number in range(30)]
    fake = FakeBluesky(posts)
    bad = Told({"error": "InvalidRequest", "message": "Malformed cursor"}, status=400)
    fake.tell["searchPosts"] = lambda asked: bad if "cursor" in asked.query else FakeBluesky.searchPosts(fake, asked)
    with serving(fake) as bluesky:
        pages = list(itertools.islice(source(bluesky.base_url, page_size=10).pages(window("search:planner")), 30))
    assert pages[-1].end == "complete"
    assert set(ids_of(pages)) == {post["uri"] for post in posts}
    untils = [asked.query["until"] for asked in bluesky.asked if "until" in asked.query and "cursor" not in asked.query]
    assert untils == sorted(set(untils), reverse=True)


@pytest.mark.parametrize(("query", "name"), [("author:anna.bsky.example", "feed"), ("search:planner", "posts")])
def test_a_cursor_that_leads_to_itself_ends(query, name):
    """Without a new post nothing more is to be had, and nothing is called complete."""
    method = "getAuthorFeed" if name == "feed" else "searchPosts"
    fake = FakeBluesky(tell={method: lambda _: Told({name: [], "cursor": "same"})})
    with serving(fake) as bluesky:
        pages = list(itertools.islice(source(bluesky.base_url).pages(window(query)), 9))
    assert (len(pages), pages[-1].end, pages[-1].reached) == (4, "capped", WEEK[1])
