"""Words in posts: found whatever their ending, in masked text alone, and never in what is gone."""

import duckdb
import pytest
from stocked import annotate, load, post, vault

from warehouse import search as searching
from warehouse.errors import WarehouseError
from warehouse.publish import publish
from warehouse.search import holding, search

TEXTS = ["Alle gemeenten werven", "Deze gemeente zoekt mensen", "Hybride werken bevalt", "De een of de ander"]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a published file with four Dutch posts and an English one."""
    folder = tmp_path_factory.mktemp("searched")
    with vault(folder) as con:
        load(con, *(post(number, text=text) for number, text in enumerate([*TEXTS, "Gemeente council"])))
        annotate(con, lambda row: {"language": "en"} if "council" in row.text else {})
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gemeente", {0, 1}),
        ("GEMEENTEN", {0, 1}),
        ("hybride mensen", {1, 2}),
        ("bestaatniet", set()),
        ("de", set()),
        ("", set()),
        ("'; drop table texts; --", set()),
        ("x" * 10_000, set()),
    ],
)
def test_finds_words(published, words, found):
    """A word finds its other endings; a stop word, nothing, and an attack find nothing."""
    assert {hit.text for hit in search(published, words)} == {TEXTS[number] for number in found}


def test_every_word(published):
    """With all_words a post has to hold each of them."""
    assert [hit.text for hit in search(published, "gemeente mensen", all_words=True)] == [TEXTS[1]]


def test_all_that_hold_a_word(published):
    """Keys of every post that holds one of the words are there to choose from, and of no other."""
    assert set(holding(published, "gemeente mensen")) == {hit.post_key for hit in search(published, "gemeente mensen")}
    assert holding(published, "bestaatniet") == []


def test_the_best_comes_first(published):
    """Who holds more of the words comes before who holds one."""
    hits = search(published, "gemeente zoekt mensen")

    assert [hit.text for hit in hits] == [TEXTS[1], TEXTS[0]]
    assert hits[0].score > hits[1].score > 0


def test_the_index_is_private_and_follows_the_file(tmp_path):
    """The index is its owner's alone, and a publishing takes the old one away with what it knew."""
    target = tmp_path / "etalage.duckdb"
    with vault(tmp_path) as con:
        load(con, post(1, text="Onze vrijdagmiddagborrel"))
        annotate(con)
        publish(con, target)
        assert len(search(target, "vrijdagmiddagborrel")) == 1
        index = tmp_path / "search.duckdb"
        assert index.stat().st_mode & 0o777 == 0o600
        load(con, post(1, text="Onze lunch", collected_at=post().collected_at.replace(hour=20)))
        annotate(con)
        publish(con, target)
        assert not index.exists()

    assert search(target, "vrijdagmiddagborrel") == []
    assert b"vrijdagmiddagborrel" not in index.read_bytes()


@pytest.fixture
def meanwhile(tmp_path, monkeypatch):
    """Publish a file with the word `borrelpraat`, and others in its place as soon as an index of it is being made."""
    target = tmp_path / "etalage.duckdb"
    with vault(tmp_path) as con:

        def publish_with(word):
            moment = post().collected_at.replace(hour=9 + len(published))
            load(con, post(1, text=f"Onze {word}", collected_at=moment))
            annotate(con)
            publish(con, target)
            published.append(word)

        def statement(name):
            if name == "search_texts" and waiting:
                publish_with(waiting.pop(0))
            return asked(name)

        published, waiting, asked = [], [], searching.statement
        monkeypatch.setattr(searching, "statement", statement)
        publish_with("borrelpraat")
        yield target, waiting


def test_a_publishing_during_a_search_leaves_no_older_index(meanwhile):
    """What was published while the index was made is what is searched, and the words of before are in no file."""
    target, waiting = meanwhile
    waiting.append("lunch")

    assert search(target, "borrelpraat") == []
    assert b"borrelpraat" not in target.with_name("search.duckdb").read_bytes()
    assert [hit.text for hit in search(target, "lunch")] == ["Onze lunch"]


def test_a_search_that_is_overtaken_again_and_again_leaves_no_index(meanwhile):
    """It gives up with one line, rather than find what is no longer published."""
    target, waiting = meanwhile
    waiting += ["lunch", "lunchpauze", "lunchwandeling"]

    with pytest.raises(WarehouseError, match="search again"):
        search(target, "borrelpraat")
    assert not list(target.parent.glob("search.duckdb*"))


def test_publishing_takes_a_half_made_index_away(tmp_path):
    """A search that was killed left the texts as they were then."""
    halves = [tmp_path / f"search.duckdb.new{end}" for end in ("", ".wal")]
    for half in halves:
        half.write_bytes(b"half")
    with vault(tmp_path, 1) as con:
        publish(con, tmp_path / "etalage.duckdb")

    assert [half for half in halves if half.exists()] == []


def test_a_damaged_index_is_made_again(published):
    """An index that cannot be read, or was left half-made, is made again."""
    index = published.with_name("search.duckdb")
    index.write_bytes(b"no index")
    index.with_name("search.duckdb.new").write_bytes(b"half")

    assert len(search(published, "gemeente")) == 2
    assert not list(published.parent.glob("search.duckdb.*"))


def test_the_index_holds_no_text(published):
    """The index keeps words and keys, not the posts."""
    search(published, "gemeente")
    with duckdb.connect(str(published.with_name("search.duckdb")), read_only=True) as con:
        columns = con.execute("select column_name from duckdb_columns() where table_name = 'texts'").fetchall()

    assert {name for (name,) in columns} == {"number", "post_key"}


def test_nothing_published_yet(tmp_path):
    """Without a published file the line says how to get one."""
    with pytest.raises(WarehouseError, match="etalage nightly"):
        search(tmp_path / "etalage.duckdb", "gemeente")
