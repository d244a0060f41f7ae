"""What the audience answers to: means and medians of enough people, of each count by itself."""

from pathlib import Path

import pytest
from stocked import annotate, load, post, vault

from warehouse import publish as publishing
from warehouse.errors import ChecksFailed
from warehouse.publish import publish
from warehouse.sql import query


def put(folder: Path, *groups) -> Path:
    """Publish five posts of each author of `groups`: (platform, authors, counts)."""
    posts, authors = [], 0
    for platform, count, counts in groups:
        for _ in range(count):
            authors += 1
            account = {"author_id": f"44{authors:05d}", "handle": f"verzonnen_{authors}", "display_name": None}
            posts += [post(len(posts) + at, platform=platform, **account, **counts) for at in range(5)]
    with vault(folder) as con:
        load(con, *posts)
        annotate(con)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


def shown(path, figure):
    """Return a figure of HR and why the row shows none, by platform."""
    sql = f"select platform, {figure}, withheld from mart.engagement where role = 'hr'"
    return {platform: (value, withheld) for platform, value, withheld in query(path, sql).rows}


@pytest.mark.parametrize("figure", ["mean_likes", "median_likes"])
def test_one_persons_likes_are_no_mean_of_six(tmp_path, figure):
    """Where five of six authors write in feeds, which tell no likes, no row shows those of the sixth."""
    path = put(tmp_path, ("feed", 5, {"likes": None, "replies": 3}), ("x", 1, {"likes": 137, "replies": 3}))

    assert query(path, f"select count(*), count({figure}) from mart.engagement").rows == [(6, 0)]
    assert shown(path, figure)["all"] == (None, None)
    assert shown(path, "mean_replies")["all"] == (3.0, None)


def test_a_row_without_any_figure_says_why(tmp_path):
    """When too few tell what is told, that is the row's reason; when nothing is told, nothing is withheld."""
    path = put(tmp_path, ("feed", 5, {"likes": None, "replies": None}), ("x", 1, {"likes": 137, "replies": 3}))

    assert shown(path, "mean_likes") == {
        "all": (None, "too few authors"),
        "feed": (None, None),
        "x": (None, "too few authors"),
    }


def test_likes_of_few_do_not_follow_from_others(tmp_path):
    """Where two authors of a platform tell likes, those of all and of the other platforms are not both shown."""
    path = put(
        tmp_path,
        ("x", 8, {"likes": 4, "replies": 3}),
        ("bluesky", 2, {"likes": 90, "replies": 3}),
        ("bluesky", 6, {"likes": None, "replies": 3}),
    )
    likes = {platform: value for platform, (value, _) in shown(path, "mean_likes").items()}

    assert likes["bluesky"] is None
    assert None in {likes["all"], likes["x"]}
    assert set(shown(path, "mean_replies").values()) == {(3.0, None)}


def test_likes_of_few_stop_the_publishing(tmp_path, monkeypatch):
    """A file that shows them all the same is not published."""
    real = publishing.run_checks

    def broken(con):
        con.execute("update mart.engagement set median_likes = 137 where platform = 'all'")
        return real(con)

    monkeypatch.setattr(publishing, "run_checks", broken)
    with pytest.raises(ChecksFailed, match="small_cells"):
        put(tmp_path, ("feed", 5, {"likes": None}), ("x", 1, {"likes": 137}))
