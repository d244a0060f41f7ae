"""The post that an address means: that one, and never its neighbours."""

import pytest
from stocked import load, post, vault

from warehouse.erasure_requests import post_request
from warehouse.errors import BadArgument

BLOG = "https://blog.example/"
DID = "did:plc:abcdefghijklmnopqrstuvwx"
STORED = {
    "p1": f"{BLOG}?p=1",
    "p2": f"{BLOG}?p=2",
    "p3": f"{BLOG}?p=3",
    "p21": f"{BLOG}?p=21",
    "cafe": "https://blog.example/caf%C3%A9/",
    "latin": "https://blog.example/caf%E9/",
    "slug": "https://www.blog.example/over-ons",
    "rss": "https://blog.example/uit-de-feed?source=rss",
    "jan": "https://blog.example/nieuws#januari",
    "feb": "https://blog.example/nieuws#februari",
    "video": "https://video.example/watch?v=AbC",
}


def feed_post(post_id, url):
    """Make a post of a blog."""
    return post(1, platform="feed", post_id=post_id, url=url, author_id=BLOG, handle="blog.example")


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    """A vault with posts whose addresses are alike, which no test changes."""
    with vault(tmp_path_factory.mktemp("addresses")) as con:
        load(con, *(feed_post(*one) for one in STORED.items()))
        url, uri = f"https://bsky.app/profile/{DID}/post/3k", f"at://{DID}/app.bsky.feed.post/3k"
        bluesky = {"platform": "bluesky", "url": url, "author_id": DID, "handle": "noor.example"}
        load(con, post(2, post_id=uri, **bluesky), post(3))
        yield con


@pytest.mark.parametrize("name", STORED)
def test_a_copied_address_means_that_post(con, name):
    """Posts whose addresses differ only after the `?` or the `#` are told apart, and encoded ones are found."""
    assert post_request(con, STORED[name]).posts == {("feed", name)}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://www.blog.example?p=2", "p2"),
        (f"{BLOG}?p=2#comments", "p2"),
        (f"{BLOG}?p=2&utm_source=x", "p2"),
        ("blog.example/café", "cafe"),
        ("https://blog.example/CAF%c3%a9/?utm_source=x#top", "cafe"),
        ("https://blog.example/over-ons/?utm_source=x", "slug"),
        ("https://blog.example/uit-de-feed", "rss"),
        (" https://blog.example/nieuws#januari ", "jan"),
    ],
)
def test_an_address_otherwise_written(con, url, name):
    """What a reader's program adds or leaves out does not matter as long as one post alone can be meant."""
    assert post_request(con, url).posts == {("feed", name)}


@pytest.mark.parametrize(
    ("url", "count"),
    [(BLOG, 4), (f"{BLOG}?p=4", 4), (f"{BLOG}?utm_source=x", 4), ("https://video.example/watch?v=aBc", 1)],
)
def test_an_address_that_several_posts_have(con, url, count):
    """It is refused, and so is one that says something else than the only post like it."""
    with pytest.raises(BadArgument, match=rf"an address like this one: {count}; give it whole"):
        post_request(con, url)


def test_ids_in_an_address(con):
    """A platform's own id is found in whatever address holds it, and a Bluesky account by its handle."""
    uri = f"at://{DID}/app.bsky.feed.post/3k"
    bluesky = [f"https://bsky.app/profile/{DID}/post/3k", "https://bsky.app/profile/noor.example/post/3k", uri]
    x = post(3).url.replace("https://x.com/willemijn_3", "https://mobile.twitter.com/i") + "?s=20"

    assert [post_request(con, url).posts for url in bluesky] == [{("bluesky", uri)}] * 3
    assert post_request(con, f"{bluesky[1]}?ref=x").posts == {("bluesky", uri)}
    assert post_request(con, x).posts == {("x", post(3).post_id)}
    assert post_request(con, "https://x.com/a/status/99").posts == {("x", "99")}
    for elsewhere in ("https://x.example/noor/1", "https://netflix.com/a/status/99"):
        with pytest.raises(BadArgument, match="no such post"):
            post_request(con, elsewhere)
