"""The deletion sweep of a platform that is listened to no more: its stored posts are asked about all the same."""

from datetime import UTC, datetime, timedelta

import pytest
from fake_bluesky import ANNA, FakeBluesky
from fake_reddit import FakeReddit, submission
from fake_x import FakeX
from loopback import Told, serving
from stocked import post as stored

from connectors.source import Mapped
from flows.foreground import run_in_foreground
from flows.opening import opened
from flows.settings import Settings, SettingsError
from flows.sweep import sweep_now
from warehouse.load import merge_posts

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=60)
# For each platform: what is left of its settings, a post, and the platform once that post is gone.
UNHEARD = {
    "x": (
        lambda x: {"bearer_token": "token-of-noor", "base_url": x.base_url},
        "2001",
        FakeX([], gone={"2001": "Not Found Error"}),
    ),
    "reddit": (
        lambda reddit: {"client_id": "noor", "client_secret": "geheim", "base_url": reddit.base_url},
        submission()["data"]["name"],
        FakeReddit([submission(author="[deleted]")]),
    ),
    "bluesky": (
        lambda bluesky: {"base_url": bluesky.base_url},
        f"at://{ANNA}/app.bsky.feed.post/0001",
        FakeBluesky(tell={"getPosts": lambda _: Told({"posts": []})}),
    ),
    "mastodon": (
        lambda hr: {"instances": {"hr.example": hr.base_url}},
        "https://hr.example/users/noor/statuses/4",
        lambda _: Told({"error": "Record not found"}, 404),
    ),
}


def fill(given, platform, *posts):
    """Store posts of a platform, each (id, made at), in the home of these settings."""
    with opened(given) as (con, keys):
        kept = tuple(
            stored(number, platform=platform, post_id=post_id, created_at=moment, collected_at=moment)
            for number, (post_id, moment) in enumerate(posts)
        )
        merge_posts(con, [(0, Mapped(kept))], keys.pseudonym)


def left(given):
    """The ids of the posts that are stored."""
    with opened(given) as (con, _):
        return {post_id for (post_id,) in con.execute("select post_id from posts").fetchall()}


@pytest.mark.parametrize("platform", UNHEARD)
def test_what_is_gone_there_goes_without_a_query_too(tmp_path, platform):
    """The last query has left the settings; the posts that it brought are still looked at."""
    section, post_id, fake = UNHEARD[platform]
    with serving(fake) as server:
        given = Settings(home=tmp_path, _env_file=None, **{platform: section(server)})
        fill(given, platform, (post_id, OLD))
        result = sweep_now(given)

    assert result["refusals"] == []
    assert result["counts"] == {f"asked_{platform}": 1, "erased_deleted": 1}
    assert left(given) == set()


def test_age_erases_where_nothing_is_listened_to(tmp_path):
    """Credentials without a query, which stop a night, stop no sweep; nor does a home without any source."""
    credentials = {"x": {"bearer_token": "t"}, "reddit": {"client_id": "noor", "client_secret": "geheim"}}
    limits = {"retention": {"x": 80}, "sweep": {"per_run": 0}, "sample": False}
    for sections in (credentials, {}):
        given = Settings(home=tmp_path / ("credentials" if sections else "none"), _env_file=None, **limits, **sections)
        fill(given, "x", ("2001", NOW - timedelta(days=90)), ("2002", OLD))

        assert sweep_now(given)["counts"] == {"erased_retention": 1}
        assert left(given) == {"2002"}


def test_a_platform_without_stored_posts_is_asked_nothing(tmp_path):
    """Who never listened to it sends it nothing."""
    with serving(lambda _: Told({})) as server:
        sections = {platform: section(server) for platform, (section, _, _) in UNHEARD.items()}
        result = sweep_now(Settings(home=tmp_path, _env_file=None, **sections))

        assert (result["outcome"], server.asked) == ("ok", [])


def test_a_sweep_by_hand_starts_without_a_query(tmp_path, monkeypatch):
    """Its settings are looked at before Prefect's slow start as a sweep needs them; a night's as a night does."""

    class Started(Exception):
        pass

    def start(*_, **__):
        raise Started

    monkeypatch.setattr("flows.prefect_api.prepare", start)
    given = Settings(home=tmp_path, x={"bearer_token": "t"}, _env_file=None)

    with pytest.raises(SettingsError, match=r"x\.queries is empty"):
        run_in_foreground(given, "nightly", {})
    with pytest.raises(Started):
        run_in_foreground(given, "sweep", {})
