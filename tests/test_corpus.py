"""The corpus: well-formed, without near-duplicates, its splits by different writers."""

import json
from collections import Counter

import pytest
from duplicates import near_duplicates

from nlp.codebook import PURPOSE_OF, THEMES, VERSION
from nlp.corpus_files import CORPUS, CorpusError, encoder_posts, read_posts, read_second, rows, training_posts
from nlp.training.card import OF_POSTS, SPLITS, renewed
from nlp.training.figures import WRITERS

SAMPLE = CORPUS.parent.parent / "connectors" / "sample"


@pytest.fixture(scope="module")
def posts():
    """Posts of every split."""
    return {split: read_posts(CORPUS / f"posts-{split}.jsonl") for split in OF_POSTS}


def sample_texts():
    """Every text of some length anywhere in the sample panel's pages."""
    found = []

    def walk(value):
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in {"text", "full_text", "body", "selftext", "title", "content"} and isinstance(inner, str):
                    found.append(inner)
                else:
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for file in sorted(SAMPLE.rglob("*.json*")):
        for line in file.read_text("utf-8").splitlines() if file.suffix == ".jsonl" else [file.read_text("utf-8")]:
            walk(json.loads(line))
    return found


@pytest.fixture(scope="module")
def alike(posts):
    """Near-duplicates of the corpus's posts, there and in the sample panel: (one, other, is of the sample)."""
    every = [post.text for some in posts.values() for post in some]
    texts = every + sample_texts()
    assert len(texts) > len(every), "the sample panel is not there"
    return [(texts[a], texts[b], b >= len(every)) for a, b, _ in near_duplicates(texts) if a < len(every)]


def test_no_near_duplicates(alike):
    """No two posts share a third of their trigrams, within a split or across."""
    assert [pair for *pair, of_sample in alike if not of_sample] == []


def test_sample_shares_no_text(alike):
    """The sample panel's posts are none of the corpus's."""
    assert [pair for *pair, of_sample in alike if of_sample] == []


def test_ids_are_unique_and_writers_stay_in_their_split(posts):
    """Who wrote for training wrote nothing for development or test."""
    ids = Counter(post.id for some in posts.values() for post in some)
    assert [name for name, count in ids.items() if count > 1] == []
    writers = [{post.writer for post in some} for some in posts.values()]
    assert sum(map(len, writers)) == len(set().union(*writers))


@pytest.mark.parametrize("split", OF_POSTS)
def test_rows_are_whole(split):
    """Each row has its split, its codebook and a purpose that fits the goal."""
    for place, row in rows(CORPUS / f"posts-{split}.jsonl"):
        assert (row["split"], row["codebook_version"]) == (split, VERSION), place
        assert row["purpose"] == PURPOSE_OF[row["goal"]], place
        assert set(row["themes"]) <= set(THEMES), place


def test_card_tells_what_is_there():
    """The data card's counts and agreement are those of the files."""
    card = (CORPUS / "README.md").read_text("utf-8")
    assert renewed(card) == card


def test_corpus_is_as_large_as_promised(posts):
    """At least 6,000 posts, every kind often enough, dev and test 15 percent each, a fifth labelled twice."""
    every = [post for some in posts.values() for post in some]
    goals = Counter(post.goal for post in every)
    assert len(every) >= 6_000
    assert goals.pop("none") >= 900
    assert min(goals.values()) >= 400
    assert min(Counter(theme for post in every for theme in post.themes).values()) >= 150
    assert sum("flemish" in post.flags for post in every) >= len(every) / 4
    assert sum("hard" in post.flags for post in every) >= len(every) / 3
    assert min(len(posts[split]) for split in ("dev", "test")) >= 0.15 * len(every)
    assert len(read_second(CORPUS / "second-labels.jsonl")) >= len(every) / 5


def test_every_writer_of_the_test_has_a_row_in_the_model_card(posts):
    """Who is in none of the rows would drop out of the figures without a word."""
    assert set(WRITERS) == {post.writer for post in posts["test"]}


def test_bios_and_texts_stay_in_their_split():
    """No bio and no text for language stands in two splits."""
    for kind, column in (("bios", "bio"), ("language", "text")):
        seen = [row[column] for split in SPLITS for _, row in rows(CORPUS / f"{kind}-{split}.jsonl")]
        assert len(seen) == len(set(seen)) >= {"bios": 1_200, "language": 800}[kind]
        held_out = [len(list(rows(CORPUS / f"{kind}-{split}.jsonl"))) for split in ("dev", "test")]
        assert min(held_out) >= 0.15 * len(seen)


def test_a_line_of_the_corpus_ends_at_a_line_feed_alone(tmp_path):
    """What else breaks a line in Unicode (U+2028, U+2029, U+0085) stands raw in JSON, and stays in the text."""
    row = {"text": "Een\u2028regel\u2029en\x85nog een", "goal": "learning"}
    (tmp_path / "posts-train.jsonl").write_text("", "utf-8")
    (tmp_path / "posts-train-more.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")

    assert [post.text for post in training_posts(tmp_path)] == [row["text"]]


def test_the_encoder_learns_from_posts_train_alone(tmp_path):
    """What stands in the other files is new to it, and so tells the heads how sure one may be."""
    names = ["posts-train", "posts-heads", "posts-train-corrections"]
    for name in names:
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"text": name, "goal": "learning"}) + "\n", "utf-8")

    assert [post.text for post in encoder_posts(tmp_path)] == names[:1]
    assert [post.text for post in training_posts(tmp_path)] == names


@pytest.mark.parametrize("line", ["{", "[]", "[" * 100_000], ids=["cut", "list", "deep"])
def test_a_malformed_line_is_named(tmp_path, line):
    """A line that is no JSON object, however deep, is an error that names its place."""
    file = tmp_path / "posts.jsonl"
    file.write_text(f"\n{line}", "utf-8")

    with pytest.raises(CorpusError, match=r"posts.jsonl:2: not a JSON object"):
        read_posts(file)


WRONG = {
    "flags": {"flags": 5},
    "flag": {"flags": "hard"},
    "themes of lists": {"themes": [["privacy"]]},
    "themes of objects": {"themes": [{}]},
    "bio": {"bio": 5},
    "no bio": {"bio": False},
    "author_bio": {"author_bio": ["HR"]},
    "id": {"id": "one\ntwo"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_field_is_named(tmp_path, wrong):
    """A field of another kind than it should be is an error that names place and field."""
    file = tmp_path / "posts.jsonl"
    file.write_text(json.dumps({"text": "Hoi", "goal": "none", **wrong}), "utf-8")

    with pytest.raises(CorpusError, match=f"posts.jsonl:1: field '{next(iter(wrong))}' is "):
        read_posts(file)


def test_a_mark_before_the_first_line_is_passed_over(tmp_path):
    """A file that a spreadsheet or Windows saved as UTF-8 begins with a byte order mark."""
    file = tmp_path / "posts.jsonl"
    file.write_text(json.dumps({"text": "Hoi", "goal": "none", "bio": None, "author_bio": "HR"}), "utf-8-sig")

    assert [(post.text, post.bio) for post in read_posts(file)] == [("Hoi", "HR")]
