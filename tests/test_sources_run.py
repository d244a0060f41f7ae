"""The nightly command through the real X and Reddit clients, over loopback, into the vault."""

import json
import shutil
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import fake_reddit
import fake_x
import pytest
from etalage_command import IMPATIENTLY, Etalage
from loopback import Told, serving
from replay import needs_replay, replaying

from warehouse.keys import read_keys
from warehouse.vault import open_vault

NOW = datetime.now(UTC).replace(microsecond=0)
X_TOKEN = "token-of-noor"
X_SECTION = """
[x]
bearer_token = "{token}"
base_url = "{base}"
queries = {queries}
"""
REDDIT_SECTION = """
[reddit]
client_id = "etalage-test"
client_secret = "secret-of-noor"
base_url = "{base}"
queries = {queries}
"""


def configure(command, base, *, token=X_TOKEN, x=("timeline:noor_vdberg_hr",), reddit=(), days=5):
    """Point the sources that have queries at one loopback address."""
    text = X_SECTION.format(token=token, base=base, queries=json.dumps(x))
    if reddit:
        text += REDDIT_SECTION.format(base=base, queries=json.dumps(reddit))
    command.configure(f"{text}\n[nightly]\nfirst_days = {days}\n")


@contextmanager
def both(x_posts, reddit_items, **faults):
    """X and Reddit in miniature at one address."""
    x = fake_x.FakeX(x_posts, **faults)
    reddit = fake_reddit.FakeReddit(reddit_items)
    with serving(lambda asked: (x if asked.path.startswith("/2/") else reddit)(asked)) as platform:
        yield platform


@contextmanager
def vault(command):
    """The vault that a command filled."""
    keys = read_keys(command.home / "keys", None)
    with open_vault(command.home / "vault.duckdb", keys.vault) as con:
        yield con


def stored(command, query="select platform, post_id, created_at, text from posts order by all"):
    """Rows of the vault."""
    with vault(command) as con:
        return con.execute(query).fetchall()


def own_posts():
    """Three recent posts of X in its wire format."""
    return fake_x.series(3, newest=NOW - timedelta(hours=3))


@pytest.fixture(scope="module")
def night(prefect_server, quick_model, tmp_path_factory):
    """A night on four queries of X and one of Reddit: its home, both platforms' posts, most requests at once."""
    command = Etalage(
        tmp_path_factory.mktemp("both"), {"PREFECT_API_URL": prefect_server, "ETALAGE_MODEL": str(quick_model)}
    )
    x_posts, reddit_items = own_posts(), fake_reddit.series(2, newest=NOW - timedelta(hours=3))
    x, reddit = fake_x.FakeX(x_posts), fake_reddit.FakeReddit(reddit_items)
    working, most, together = Counter(), Counter(), []

    def answer(asked):
        name = "x" if asked.path.startswith("/2/") else "reddit"
        working[name] += 1
        most[name] = max(most[name], working[name])
        together.append(working.total())
        time.sleep(0.2)
        working[name] -= 1
        return (x if name == "x" else reddit)(asked)

    with serving(answer) as platform:
        queries = ("timeline:noor_vdberg_hr", "search:werk", "search:team", "list:7")
        configure(command, platform.base_url, x=queries, reddit=["r/hrnederland/new"])
        run = command("nightly")
    assert run.returncode == 0, run.stderr + run.stdout
    return SimpleNamespace(command=command, x=x_posts, reddit=reddit_items, most=most, together=max(together))


@pytest.fixture
def next_day(night, etalage):
    """The command on a copy of the home that this night has left."""
    shutil.copytree(
        night.command.home, etalage.home, ignore=shutil.ignore_patterns("prefect", ".cache"), dirs_exist_ok=True
    )
    return etalage


def test_both_sources_in_one_run(night):
    """Posts of X and Reddit are in the vault with their authors, times and texts, and published without names."""
    rows = stored(
        night.command,
        "select post_id, handle, created_at, text from posts left join authors using (platform, author_id)",
    )
    for item in night.x:
        assert (item["id"], "noor_vdberg_hr", datetime.fromisoformat(item["created_at"]), item["text"]) in rows
    for child in night.reddit:
        data = child["data"]
        (row,) = [row for row in rows if row[0] == data["name"]]
        assert (data["author"], datetime.fromtimestamp(data["created_utc"], UTC)) == row[1:3]
        assert data["title"] in row[3]
    published = (night.command.home / "etalage.duckdb").read_bytes()
    assert b"noor_vdberg_hr" not in published
    assert b"noor_vdberg_hr" not in (night.command.home / "vault.duckdb").read_bytes()


def test_one_worker_a_source(night):
    """Windows of X wait for each other, whatever their number, and Reddit does not wait for them."""
    assert night.most == {"x": 1, "reddit": 1}
    assert night.together == 2


def test_what_comes_late_is_read_by_the_next_night_and_merged(etalage):
    """A post that X shows only tomorrow, dated within the lag of today, is stored then; read again it stays one."""
    now = datetime.now(UTC)  # of this test: the next night reads six hours back, and the import may be long ago
    posts = fake_x.series(3, newest=now - timedelta(hours=1))
    with both(posts, []) as platform:
        configure(etalage, platform.base_url)
        assert etalage("nightly").returncode == 0
        late = fake_x.post(now - timedelta(hours=5), "Later getoond")
        posts.append(late)
        assert etalage("nightly").returncode == 0

    assert sorted(row[1] for row in stored(etalage)) == sorted(item["id"] for item in posts)


def test_refused_credentials_stop_their_source_alone(etalage):
    """A wrong token: X is refused with its reason, Reddit goes on, and the exit code says partial."""
    with both(own_posts(), fake_reddit.series(2, newest=NOW - timedelta(hours=3))) as platform:
        configure(etalage, platform.base_url, token="a-wrong-token", reddit=["r/hrnederland/new"])
        answer = etalage("nightly")

    assert answer.returncode == 3, answer.stderr
    assert "not complete: x: X answered 401" in answer.stdout
    assert "Unauthorized" in answer.stdout
    assert "a-wrong-token" not in answer.stdout + answer.stderr
    assert {"reddit"} == {row[0] for row in stored(etalage)}
    assert etalage.sql("select outcome from ops.runs") == [{"outcome": "partial"}]


def test_a_source_whose_credential_is_lost_is_named_and_the_others_go_on(etalage):
    """Queries of X and no token: the night is partial and says why, as `etalage doctor` does; Reddit is read."""
    with both([], fake_reddit.series(2, newest=NOW - timedelta(hours=3))) as platform:
        configure(etalage, platform.base_url, token="", reddit=["r/hrnederland/new"])
        answer = etalage("nightly")
        doctor = etalage("doctor")

    assert answer.returncode == 3, answer.stderr
    assert "not complete: x: left out, for x.queries is set and x.bearer_token is not" in answer.stdout
    assert "left out, for x.queries is set and x.bearer_token is not" in doctor.stdout
    assert {"reddit"} == {row[0] for row in stored(etalage)}


@pytest.fixture(scope="module")
def gone(prefect_server, quick_model, tmp_path_factory):
    """Two nights on two accounts that were suspended before the first; one of them is back before the second."""
    command = Etalage(
        tmp_path_factory.mktemp("gone"), {"PREFECT_API_URL": prefect_server, "ETALAGE_MODEL": str(quick_model)}
    )
    people = [fake_x.user(), fake_x.user("502", "joris_hr")]
    suspended = {"501", "502"}

    def answer(asked):
        for user_id in sorted(suspended):
            if asked.path == f"/2/users/{user_id}/tweets":
                return Told({"errors": [{"title": "Forbidden", "detail": f"User has been suspended: [{user_id}]."}]})
        return x(asked)

    x = fake_x.FakeX([item | {"author_id": "502"} for item in own_posts()], users=people)
    with serving(answer) as platform:
        configure(command, platform.base_url, x=("timeline:501", "timeline:502"))
        codes = [command("nightly").returncode]
        first = platform.paths
        suspended.remove("502")
        codes.append(command("nightly").returncode)
    states = stored(command, "select query, state, count(*) from windows group by all order by all")
    return SimpleNamespace(codes=codes, nights=(first, platform.paths[len(first) :]), states=states)


def test_an_account_that_is_gone_is_asked_for_once_a_night(gone):
    """Every night adds a window of a suspended account; one of them tells of all, and all of them stay open."""
    once = {"/2/tweets/counts/recent": 1, "/2/users/501/tweets": 1, "/2/usage/tweets": 1}

    assert gone.codes == [3, 3]
    assert Counter(gone.nights[0]) == once | {"/2/users/502/tweets": 1}
    assert Counter(gone.nights[1]) == once | {"/2/users/502/tweets": 2}  # the window that waited, and tonight's
    assert ("timeline:501", "refused", 2) in gone.states


def test_an_account_that_is_back_is_read_though_another_is_still_gone(gone):
    """What was refused of one account says nothing of another: only its own windows wait on."""
    assert gone.states == [("timeline:501", "refused", 2), ("timeline:502", "complete", 2)]


STRANGE = {
    "empty text": {"text": ""},
    "long text": {"text": "werk " * 20_000},
    "right to left": {"text": "عمل \u202e omgekeerd 👩🏽‍💻"},
    "half an emoji": {"text": "half \ud83d emoji"},
}


def test_strange_posts_are_kept_and_broken_ones_set_aside(etalage):
    """Strange texts and posts without author are stored; what has no id, or a future date, is set aside as it was."""
    fresh = NOW - timedelta(hours=4)
    strange = [fake_x.post(fresh - timedelta(minutes=n), **fields) for n, fields in enumerate(STRANGE.values())]
    future = fake_x.post(NOW - timedelta(hours=6)) | {"created_at": fake_x.iso(NOW + timedelta(days=400))}
    broken = {"text": "zonder id en tijd", "author_id": "501"}
    nobody = {key: value for key, value in fake_x.post(fresh - timedelta(hours=1)).items() if key != "author_id"}

    def answer_of(asked):
        if asked.path.endswith("/tweets") and "/users/" in asked.path:
            users = {"users": [fake_x.user()]}
            return Told({"data": [*strange, nobody, broken, future], "includes": users, "meta": {"result_count": 7}})
        return fake_x.FakeX([])(asked)

    with serving(answer_of) as platform:
        configure(etalage, platform.base_url)
        answer = etalage("nightly")

    assert answer.returncode == 0, answer.stderr + answer.stdout
    ids = {row[1] for row in stored(etalage)}
    assert {item["id"] for item in [*strange, nobody]} == ids
    with vault(etalage) as con:
        rejects = con.execute("select raw from rejects").fetchall()
    assert any("zonder id en tijd" in raw for (raw,) in rejects)
    assert any(future["id"] in raw for (raw,) in rejects)


FAULTS = {
    "cut": Told('{"data": [{"id": "1", "te', 200),
    "HTML": Told("<html><body>Something went wrong</body></html>", 200, {"content-type": "text/html"}),
    "empty": Told("", 200),
    "503": Told({"title": "Service Unavailable", "status": 503}, 503),
}


def test_a_page_that_fails_once_is_asked_for_again(etalage):
    """A cut, empty, failing or HTML answer costs a second request and no post."""
    people = [fake_x.user(str(501 + at), f"panellid_{at}") for at in range(len(FAULTS))]
    posts = [
        item | {"author_id": one["id"]}
        for at, one in enumerate(people)
        for item in fake_x.series(3, newest=NOW - timedelta(hours=3, minutes=at))
    ]
    x = fake_x.FakeX(posts, users=people)
    pages = [f"/2/users/{one['id']}/tweets" for one in people]
    waiting = dict(zip(pages, FAULTS.values(), strict=True))
    with serving(lambda asked: waiting.pop(asked.path, None) or x(asked)) as platform:
        configure(etalage, platform.base_url, x=[f"timeline:{one['id']}" for one in people])
        etalage.before = IMPATIENTLY
        answer = etalage("nightly")

    assert answer.returncode == 0, answer.stderr + answer.stdout
    assert {path: platform.paths.count(path) for path in pages} == dict.fromkeys(pages, 2)
    assert {row[1] for row in stored(etalage)} == {item["id"] for item in posts}


def test_a_published_file_that_somebody_reads_is_replaced_all_the_same(next_day):
    """An analyst who holds yesterday's file goes on reading it; today's takes its place."""
    import duckdb  # noqa: PLC0415 - the analyst's own

    with both(own_posts(), []) as platform:
        configure(next_day, platform.base_url)
        analyst = duckdb.connect(str(next_day.home / "etalage.duckdb"), read_only=True)
        again = next_day("nightly")

    assert again.returncode == 0, again.stderr
    assert analyst.execute("select count(*) from core.posts").fetchone() == (5,)
    assert analyst.execute("select count(*) from ops.runs").fetchone() == (1,)
    analyst.close()
    assert next_day.sql("select count(*) as runs from ops.runs") == [{"runs": 2}]


def test_a_wrong_key_is_one_line(next_day):
    """Another key than the vault's: nothing is read, nothing is changed."""
    before = (next_day.home / "vault.duckdb").read_bytes()
    with both(own_posts(), []) as platform:
        configure(next_day, platform.base_url)
        answer = next_day("nightly", ETALAGE_VAULT_KEY="another key altogether")

    assert answer.returncode == 1
    assert "the key does not fit" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert before == (next_day.home / "vault.duckdb").read_bytes()
    assert platform.asked == []


@needs_replay
def test_the_recorded_answers_arrive_as_they_were(etalage):
    """Against the recordings: every post of the log's pages is in the vault, with author, time and text."""
    with replaying(now="2021-06-22T16:40:00Z") as replay:
        configure(
            etalage,
            replay.base_url,
            token="demo",
            x=["timeline:460255655"],
            reddit=["r/all/new", "r/all/comments"],
            days=6500,
        )
        answer = etalage("nightly")
        assert answer.returncode == 0, answer.stderr + answer.stdout
        paths = {entry["path"] for entry in replay.log()}

    paths -= {"/2/tweets/counts/all", "/2/usage/tweets"}  # forecast and comparison; the replay server has neither
    assert {"/2/users/460255655/tweets", "/r/all/new", "/r/all/comments", "/api/v1/access_token"} == paths
    with vault(etalage) as con:
        pages = con.execute("select format, payload from pages").fetchall()
        rows = {
            row[0]: row[1:]
            for row in con.execute(
                "select post_id, handle, created_at, text from posts left join authors using (platform, author_id)"
            ).fetchall()
        }
    seen = 0
    for format_, payload in pages:
        document = json.loads(payload)
        if format_ == "x/posts":
            names = {user["id"]: user["username"] for user in document.get("includes", {}).get("users", [])}
            for item in document.get("data", []):
                handle, created, _ = rows[item["id"]]
                assert names[item["author_id"]] == handle
                assert datetime.fromisoformat(item["created_at"]) == created
                seen += 1
        else:
            for child in document["data"]["children"]:
                data = child["data"]
                if data["name"] in rows:
                    handle, created, text = rows[data["name"]]
                    assert data["author"] == handle or handle is None
                    assert datetime.fromtimestamp(data["created_utc"], UTC) == created
                    assert (data.get("body") or data["title"]).strip()[:40] in text
                    seen += 1
    assert seen >= len(rows) > 500
