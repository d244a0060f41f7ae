"""Files that people already have, as pages: kinds told apart, places named, limits that a hostile file cannot pass."""

import gzip
import io
import json
import os
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest
import zstandard
from collecting import ids_of, posts_of, rejects_of
from hypothesis import given
from hypothesis import strategies as st
from replay import SERVER, needs_replay

from connectors.files import linkedin_export
from connectors.files.lines import NO_LINES, read_lines
from connectors.files.reading import read_pages

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
X_DATA = SERVER.parent / "data" / "x"


def tweet(number, **changes):
    """Make a post in X's format."""
    key = str(2_500_000_000_000_000_000 + number)
    return {"id": key, "author_id": "7", "created_at": "2024-03-02T12:00:00.000Z", "text": f"post {number}", **changes}


NOOR = {"id": "7", "username": "noor_verzonnen", "name": "Noor", "description": "HR-adviseur"}
SEEN = {"url": "https://api.x.com", "version": "2.14.0", "retrieved_at": "2024-03-05T06:07:08+00:00"}


def comment(number, **changes):
    """Make a comment as an archive has it."""
    row = {
        "id": f"k{number}",
        "author": "verzonnen",
        "body": f"antwoord {number}",
        "link_id": "t3_a",
        "parent_id": "t3_a",
    }
    return {
        **row,
        "created_utc": str(1_700_000_000 + number),
        "score": 3,
        "subreddit": "werk",
        "edited": False,
        **changes,
    }


def written(path, lines, pack=bytes):
    """Write lines (JSON unless they are bytes) to a file and return it."""
    content = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines) + b"\n"
    path.write_bytes(pack(content))
    return path


def read(kind, path, **options):
    """Read a whole file."""
    return list(read_pages(kind, path, **options))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gz", "zst"])
def test_twarc_lines_of_every_form_are_told_apart(tmp_path, pack):
    """Pages, flattened posts and stream objects in one file, packed or not; twarc's time of reading is kept."""
    original = tweet(9, text="het hele verhaal")
    flat = tweet(3, author=NOOR, referenced_tweets=[{"type": "retweeted", **original}], __twarc=SEEN)
    lines = [
        {"data": [tweet(1), tweet(2)], "includes": {"users": [NOOR]}, "__twarc": SEEN},
        flat,
        {"data": tweet(4), "includes": {"users": [NOOR]}, "matching_rules": []},
        {"meta": {"result_count": 0}, "data": [tweet(5)]},
        {"errors": [{"title": "ConnectionException"}]},
    ]
    posts = posts_of(read("twarc", written(tmp_path / "posts.jsonl", lines, pack)))
    assert [post.text for post in posts] == ["post 1", "post 2", "het hele verhaal", "post 4", "post 5"]
    assert [post.handle for post in posts] == ["noor_verzonnen"] * 4 + [None]
    assert posts[2].kind == "repost"
    assert {post.collected_at for post in posts[:3]} == {datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)}


@pytest.mark.parametrize("text", ["post 1", '{"__twarc": {"retrieved_at": "2031-01-01T00:00:00Z"}}', "__twarc"])
def test_a_page_of_a_long_query_has_twarcs_time(tmp_path, text):
    """The request's address is written before the time and may be of any length; a text is not taken for it."""
    seen = SEEN | {"url": "https://api.x.com/2/tweets/search/all?query=" + "%23hr+" * 500}
    path = written(tmp_path / "posts.jsonl", [{"data": [tweet(1, text=text)], "__twarc": seen}])

    (post,) = posts_of(read("twarc", path))

    assert post.collected_at == datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)


def test_a_page_is_dated_by_its_file(tmp_path):
    """An old file never outdoes what was collected since."""
    path = written(tmp_path / "old.jsonl", [tweet(1)])
    os.utime(path, (1_600_000_000, 1_600_000_000))
    (post,) = posts_of(read("twarc", path))
    assert post.collected_at == datetime.fromtimestamp(1_600_000_000, UTC)


def test_what_cannot_be_read_is_set_aside_with_its_place(tmp_path):
    """A cut line, deep nesting, another kind of object and a broken item of a page name file and line."""
    deep = b'{"data": ' + b"[" * 200_000
    lines = [tweet(1), b'{"data": {"id": "1", "te', deep, [1], b"\xff\xfe", {"data": [tweet(2), {"id": 3}]}, tweet(4)]
    pages = read("twarc", written(tmp_path / "mixed.jsonl", lines))
    assert [post.text for post in posts_of(pages)] == ["post 1", "post 2", "post 4"]
    rejects = rejects_of(pages)
    assert [reject.item for reject in rejects] == [2, 3, 4, 5, 6]
    assert all(reject.reason.startswith(f"mixed.jsonl line {reject.item}") for reject in rejects)
    assert rejects[-1].reason.startswith("mixed.jsonl line 6, item 1: ")
    assert rejects[0].raw == '{"data": {"id": "1", "te'


def test_archive_rows_of_all_ages_are_read(tmp_path):
    """Times as texts, no name, no link: all that old rows lack; a submission is told by its title."""
    submission = {"id": "s1", "author": "verzonnen", "title": "Vraag", "selftext": "over verlof", "created_utc": 1.7e9}
    submission |= {"score": 2, "num_comments": 4, "edited": 1_700_000_500, "upvote_ratio": 1, "subreddit": "werk"}
    old, new = comment(1), comment(2, name="t1_k2", permalink="/r/werk/comments/a/_/k2/", retrieved_on=1_700_900_000)
    posts = posts_of(read("arctic-shift", written(tmp_path / "RC.zst", [old, new, submission], zstandard.compress)))
    assert [post.post_id for post in posts] == ["t1_k1", "t1_k2", "t3_s1"]
    assert posts[0].url == "https://www.reddit.com/comments/a/_/k1"
    assert posts[1].collected_at == datetime.fromtimestamp(1_700_900_000, UTC)
    assert (posts[2].text, posts[2].kind) == ("Vraag\n\nover verlof", "post")


@pytest.mark.parametrize(
    ("created", "raw", "read"),
    [
        (1_580_000_000, "R&amp;D &gt; x, &amp;lt; &quot;", "R&D > x, &lt; &quot;"),
        ("1680307199", "a &lt; b", "a < b"),
        (1_680_307_200, "a &lt; b", "a &lt; b"),
        (1_710_000_000, "R&amp;D", "R&amp;D"),
    ],
)
def test_reddits_escapes_are_undone_in_archives_until_march_2023(tmp_path, created, raw, read):
    """Pushshift kept them; whatever is newer is as it was written. Each is undone once."""
    submission = {"id": "s1", "author": "verzonnen", "title": raw, "selftext": raw, "created_utc": created}
    rows = [comment(1, body=raw, created_utc=created, author_flair_text=raw), submission]

    posts = posts_of(read_pages("arctic-shift", written(tmp_path / "RC.jsonl", rows)))

    assert [post.text for post in posts] == [read, f"{read}\n\n{read}"]
    assert posts[0].bio == read


def test_what_was_withdrawn_is_not_read_from_an_archive(tmp_path):
    """An archive keeps texts whose authors deleted them; they become nothing at all."""
    metas = [{"was_deleted_later": True}, {"was_initially_deleted": True}, {"removal_type": "deleted"}]
    rows = [comment(number, _meta=meta) for number, meta in enumerate(metas)]
    rows += [comment(8, body="[deleted]", author="[deleted]"), comment(9, _meta={"is_edited": True})]
    pages = read("arctic-shift", written(tmp_path / "RC.jsonl", rows))
    assert ids_of(pages) == ["t1_k9"]
    assert rejects_of(pages) == []


@pytest.mark.parametrize(("pack", "keep"), [(gzip.compress, 0.6), (zstandard.compress, 0.6)], ids=["gz", "zst"])
def test_a_cut_archive_gives_what_it_holds_and_says_where_it_ends(tmp_path, pack, keep):
    """What was unpacked before the cut is read; the place of the cut is a reject."""
    path = tmp_path / "cut.jsonl"
    noise = [comment(number, body=os.urandom(300).hex()) for number in range(4000)]
    written(path, noise, pack)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    pages = read("arctic-shift", path)
    assert 1000 < len(ids_of(pages)) < 4000
    assert 1 <= len(rejects_of(pages)) <= 2
    assert pages[-1].end == "complete"


@given(
    content=st.binary(max_size=400)
    .map(lambda data: data.replace(b"\xef", b"x"))
    .filter(lambda data: not data.startswith((*NO_LINES,))),
    block=st.integers(1, 50),
)
def test_lines_are_the_same_whatever_the_block(content, block):
    """Reading by blocks loses no byte and numbers every line rightly."""
    pieces = list(read_lines(io.BytesIO(content), block=block, longest=1000))
    lines = [(piece.first + index, line) for piece in pieces for index, line in enumerate(piece.content.split(b"\n"))]
    expected = list(enumerate(content.split(b"\n"), 1))
    assert [line for line in lines if line[1]] == [line for line in expected if line[1]]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.integers(1, 30))
def test_longer_lines_than_allowed_are_cut_and_the_others_stand(lengths, block):
    """Lines beyond the limit come alone and marked; all others come whole, with their own numbers."""
    content = b"".join(b"x" * length + b"\n" for length in lengths)
    whole, marked = {}, set()
    for piece in read_lines(io.BytesIO(content), block=block, longest=20):
        if piece.wrong:
            marked.add(piece.first)
        else:
            whole |= {piece.first + index: len(line) for index, line in enumerate(piece.content.split(b"\n")) if line}
    for number, length in enumerate(lengths, 1):
        assert number in marked if length > 20 + block else whole.get(number, 0) == length or number in marked


def test_an_endless_line_takes_no_memory(tmp_path):
    """Half a gigabyte without a line break, packed into half a megabyte, is one reject."""
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb", 1) as out:
        out.write(json.dumps(tweet(1)).encode() + b'\n{"text": "')
        for _ in range(512):
            out.write(b"a" * 2**20)
        out.write(b"\n" + json.dumps(tweet(2)).encode())
    tracemalloc.start()
    pages = read("twarc", path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [post.text for post in posts_of(pages)] == ["post 1", "post 2"]
    (reject,) = rejects_of(pages)
    assert reject.reason == f"bomb.jsonl.gz line 2: longer than {4 * 2**20} bytes"
    assert peak < 64 * 2**20


def test_reading_goes_on_from_any_page(tmp_path, monkeypatch):
    """Each position leads to the pages after it, for lines as for rows."""
    monkeypatch.setattr("connectors.files.reading.ROWS", 7)
    lines = written(tmp_path / "lines.jsonl", [comment(number, body="lang " * 2000) for number in range(600)])
    table = tmp_path / "table.csv"
    table.write_text("tijd,tekst\n" + "".join(f"2024-01-01,regel {number}\n" for number in range(30)))
    columns = {"platform": "=linkedin", "created_at": "tijd", "text": "tekst"}
    for kind, path, options in (("arctic-shift", lines, {}), ("table", table, {"columns": columns})):
        pages = read(kind, path, **options)
        assert len(pages) > 2
        assert [page.end for page in pages] == ["more"] * (len(pages) - 1) + ["complete"]
        for number, page in enumerate(pages[:-1], 1):
            rest = read(kind, path, position=page.position, **options)
            assert [one.payload for one in rest] == [one.payload for one in pages[number:]]


SHARES = (
    "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"
    "2025-05-06 07:08:09,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A12,"
    '"Eerste regel""\n""tweede ""regel""",,,MEMBER_NETWORK\n'
    '2025-05-07 07:08:09,,"Zonder link",,,\n'
    "2025-05-08 07:08:09,kapot\n"
)
COMMENTS = (
    "Date,Link,Message\n"
    '2025-06-01 10:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A99,"Mooi \\"gezegd\\", Anna"\n'
)
PROFILE = "First Name,Last Name,Headline\nNoor,Verzonnen,HR-adviseur bij een verzonnen gemeente\n"


def export(path, **files):
    """Make a zip as LinkedIn gives it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return path


def test_a_linkedin_export_gives_its_owners_posts_and_comments(tmp_path):
    """Name and headline come with them; messages and contacts are not opened."""
    path = export(tmp_path / "e.zip", Shares_csv=SHARES, Comments_csv=COMMENTS, Profile_csv=PROFILE, messages_csv="x")
    pages = read("linkedin", path)
    posts = posts_of(pages)
    assert [page.format for page in pages] == ["linkedin/shares", "linkedin/comments"]
    assert [post.text for post in posts] == ['Eerste regel\ntweede "regel"', "Zonder link", 'Mooi "gezegd", Anna']
    assert [post.kind for post in posts] == ["post", "post", "reply"]
    assert posts[0].post_id == "urn:li:share:12"
    assert posts[2].parent_id == "urn:li:activity:99"
    assert {(post.display_name, post.bio) for post in posts} == {
        ("Noor Verzonnen", "HR-adviseur bij een verzonnen gemeente")
    }
    assert len({post.author_id for post in posts}) == 1
    (reject,) = rejects_of(pages)
    assert reject.reason == "ValueError: Shares.csv line 5: 2 values for 6 columns"


def test_the_same_export_twice_gives_the_same_keys(tmp_path):
    """Also for posts without a link, and for single files out of the zip."""
    path = export(tmp_path / "e.zip", Shares_csv=SHARES, Profile_csv=PROFILE)
    (tmp_path / "Shares.csv").write_text(SHARES)
    keys = [ids_of(read("linkedin", path)), ids_of(read("linkedin", tmp_path / "Shares.csv", author="Noor Verzonnen"))]
    assert keys[0] == keys[1]
    with pytest.raises(ValueError, match="name its owner"):
        read("linkedin", tmp_path / "Shares.csv")


def test_a_linkedin_export_is_read_on_from_its_second_file(tmp_path):
    """The position names file and line."""
    path = export(tmp_path / "e.zip", Shares_csv=SHARES, Comments_csv=COMMENTS, Profile_csv=PROFILE)
    first, second = read("linkedin", path)
    (rest,) = read("linkedin", path, position=first.position)
    assert rest.payload == second.payload


def test_a_hostile_zip_is_refused_or_left_alone(tmp_path, monkeypatch):
    """Paths that climb are not opened, bombs and cut archives are refused in one line, and nothing is written."""
    climbing = export(tmp_path / "climb.zip", **{"..__..__Shares_csv": SHARES})
    bomb = export(tmp_path / "bomb.zip", Shares_csv=b"0" * 20_000_000, Profile_csv=PROFILE)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(bomb.read_bytes()[:2000])
    empty = export(tmp_path / "empty.zip", Connections_csv="x")
    before = sorted(tmp_path.iterdir())
    for path, words in ((climbing, "neither"), (bomb, "more than any"), (cut, "neither"), (empty, "neither")):
        with pytest.raises(ValueError, match=words) as caught:
            read("linkedin", path, author="Noor")
        assert "\n" not in str(caught.value)
    monkeypatch.setattr(linkedin_export, "MOST_FILES", 1)
    with pytest.raises(ValueError, match="2 files"):
        read("linkedin", bomb)
    assert sorted(tmp_path.iterdir()) == before


def test_a_wrong_format_or_file_is_one_clear_line(tmp_path):
    """Said before anything is read."""
    with pytest.raises(ValueError, match="'word' is none of the formats twarc"):
        read_pages("word", tmp_path)
    for path in (tmp_path, tmp_path / "none.jsonl"):
        with pytest.raises(ValueError, match="is not a file"):
            read_pages("twarc", path)


def test_an_empty_file_is_complete_at_once(tmp_path):
    """One page without posts."""
    (tmp_path / "empty.jsonl").write_text("")
    (page,) = read("twarc", tmp_path / "empty.jsonl")
    assert (page.end, posts_of([page]), rejects_of([page])) == ("complete", [], [])


@needs_replay
def test_recorded_twarc_files_are_read():
    """Every recorded form gives its posts, and the cut line of a stream is set aside with its place."""
    numbers = {"brexit": 100, "noflat": 100, "flat_first40": 40, "streaming_output_with_error": 7, "cotweet": 1}
    pages = {name: read("twarc", X_DATA / f"twarc_{name}.jsonl") for name in numbers}
    assert {name: len(ids_of(found)) for name, found in pages.items()} == numbers
    assert {name: len(rejects_of(found)) for name, found in pages.items()} == {
        **dict.fromkeys(numbers, 0),
        "streaming_output_with_error": 1,
    }
    (reject,) = rejects_of(pages["streaming_output_with_error"])
    assert reject.reason.startswith("twarc_streaming_output_with_error.jsonl line 8: ")


@needs_replay
def test_flattened_and_unflattened_posts_are_the_same():
    """Both of twarc's ways of writing one search give the same authors, times and texts."""
    ways = [posts_of(read("twarc", X_DATA / f"twarc_{name}.jsonl")) for name in ("noflat", "flat_first40")]
    unflattened = {post.post_id: post for post in ways[0]}
    assert len(ways[1]) == 40
    for post in ways[1]:
        other = unflattened[post.post_id]
        assert (post.handle, post.bio, post.created_at, post.text, post.kind) == (
            *(other.handle, other.bio, other.created_at, other.text, other.kind),
        )
