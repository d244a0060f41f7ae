"""How far behind the deletion sweep is, as a sweep itself leaves it on record."""

import json
from datetime import UTC, datetime, timedelta

from fake_x import FakeX, post
from loopback import serving
from stocked import post as stored

from connectors.source import Mapped
from flows.alerts import sweep_alerts
from flows.backlog import read_backlog
from flows.opening import opened
from flows.settings import Settings
from flows.sweep import sweep_now
from warehouse.load import merge_posts

OLD = datetime.now(UTC) - timedelta(days=60)


def test_what_a_sweep_has_just_looked_at_is_not_behind(tmp_path):
    """Its own looks count, though they came after it began: one sweep of posts from long ago alerts nobody."""
    with serving(FakeX([post(id="2001")])) as x:
        section = {"bearer_token": "token-of-noor", "base_url": x.base_url, "queries": ("search:#hr",)}
        given = Settings(home=tmp_path, x=section, _env_file=None)
        with opened(given) as (con, keys):
            old = stored(post_id="2001", created_at=OLD, collected_at=OLD)
            merge_posts(con, [(0, Mapped((old,)))], keys.pseudonym)
        result = sweep_now(given)

    assert result["counts"] == {"asked_x": 1}
    assert read_backlog(tmp_path)["platforms"]["x"]["behind_hours"] == 0.0
    assert sweep_alerts(tmp_path) == []


def test_what_comes_due_between_two_sweeps_is_not_behind(tmp_path):
    """The first sweep after its hours are over asks about it: until then nobody is late, and nobody is told."""
    one = {"posts": 1, "oldest_look_hours": 36.2, "every_hours": 36.0, "behind_hours": 0.0, "gone_not_erased": 0}
    written = {"at": (datetime.now(UTC) - timedelta(minutes=40)).isoformat(), "platforms": {"bluesky": one}}
    (tmp_path / "sweep.json").write_text(json.dumps(written), encoding="utf-8")

    assert read_backlog(tmp_path)["platforms"]["bluesky"]["behind_hours"] == 0.0
    assert sweep_alerts(tmp_path) == []
