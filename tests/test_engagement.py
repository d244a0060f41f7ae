"""What the audience answers to: means and medians of enough people, of each count by itself."""

from pathlib import Path

import pytest
from stocked import annotate, load, post, vault
from test_report import page_of

from nlp import codebook
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
    untold = {"likes": None, "replies": None}
    path = put(tmp_path, ("feed", 5, untold), ("x", 4, untold), ("x", 1, {"likes": 137, "replies": 3}))

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


def test_posts_of_few_are_not_counted_by_goal(tmp_path):
    """Three people's 18, 9 and 3 posts of three goals are the shares that mart.goal_mix withholds: no row has them."""
    goals = [goal for goal, count in (("recruitment", 18), ("showcase", 9), ("learning", 3)) for _ in range(count)]

    def read(row):
        goal = goals[int(row.post_id[-5:])]
        return {"goal": goal, "purpose": codebook.PURPOSE_OF[goal]}

    with vault(tmp_path) as con:
        load(
            con,
            *(
                post(number, author_id=f"44{number % 3}", handle=f"iemand_{number % 3}", display_name=None)
                for number in range(30)
            ),
        )
        annotate(con, read)
        publish(con, tmp_path / "etalage.duckdb")
    counts = "count(count_posts), count(count_authors), count(mean_likes), any_value(withheld)"
    told = page_of(tmp_path / "etalage.duckdb").words.split("Waar reageert het publiek op?")[1]

    assert query(tmp_path / "etalage.duckdb", f"select {counts} from mart.engagement where role = 'hr'").rows == [
        (0, 0, 0, "too few authors")
    ]
    assert " 18 " not in told.split("Platforms tellen niet hetzelfde")[0]


@pytest.mark.parametrize(("figure", "platform"), [("median_likes", "all"), ("count_posts", "x")])
def test_likes_and_posts_of_few_stop_the_publishing(tmp_path, monkeypatch, figure, platform):
    """A file that shows them all the same is not published."""
    real = publishing.run_checks

    def broken(con):
        con.execute(f"update mart.engagement set {figure} = 137 where platform = '{platform}'")
        return real(con)

    monkeypatch.setattr(publishing, "run_checks", broken)
    with pytest.raises(ChecksFailed, match="small_cells"):
        put(tmp_path, ("feed", 5, {"likes": None}), ("x", 1, {"likes": 137}))
