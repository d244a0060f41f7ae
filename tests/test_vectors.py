"""Posts that say alike: found by vectors of what is published, and of nothing else."""

import pytest
from stocked import annotation, load, post, vault

from nlp.annotate import annotate_shown
from nlp.pipeline import load as load_pipeline
from warehouse.annotations import merge_annotations, pending
from warehouse.errors import WarehouseError
from warehouse.publish import publish
from warehouse.sql import open_published
from warehouse.vectors import similar

HIRING = ("Wij zoeken een verpleegkundige voor de nachtdienst", "Gezocht: een verpleegkundige voor onze nachtdienst")
TRAINING = (
    "Vandaag een cursus gespreksvoering voor alle leidinggevenden",
    "Alle leidinggevenden volgden vandaag een cursus gesprekken voeren",
)
NAMED = "Vraag het aan Willemijn Voorbeeld 3, zij weet alles van verzuim"


@pytest.fixture(scope="module")
def nlp():
    """Return the model that ships."""
    return load_pipeline()


def read(con, nlp):
    """Annotate everything that waits as the nightly run does, vectors and all."""
    rows = pending(con, "test-1", 1000)
    found = annotate_shown(nlp, ((row.text, row.bio, row.masked_text) for row in rows))
    signs = [signs for _, signs in found]
    merge_annotations(con, [(row, annotation(row.text, row.bio)) for row in rows], signs)


def keys(path):
    """Map the texts of a published file to their keys, and list the posts that have a vector."""
    con = open_published(path)
    found = dict(con.execute("select text, post_key from core.posts").fetchall())
    having = {key for (key,) in con.execute("select post_key from core.vectors").fetchall()}
    con.close()
    return found, having


@pytest.fixture(scope="module")
def published(tmp_path_factory, nlp):
    """Return a published file with two posts of each kind, and one that names somebody."""
    folder = tmp_path_factory.mktemp("similar")
    with vault(folder) as con:
        load(con, *(post(number, text=text) for number, text in enumerate([*HIRING, *TRAINING, NAMED])))
        read(con, nlp)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


@pytest.mark.parametrize(("one", "other"), [HIRING, HIRING[::-1], TRAINING, TRAINING[::-1]])
def test_the_nearest_says_the_same(published, one, other):
    """Of a post the nearest is the one that says the same in other words; never itself."""
    found, _ = keys(published)
    near = similar(published, found[one], rows=3)

    assert [neighbour.text for neighbour in near[:1]] == [other]
    assert [neighbour.similarity for neighbour in near] == sorted((n.similarity for n in near), reverse=True)
    assert one not in {neighbour.text for neighbour in near}


def test_a_name_masked_later_takes_the_vector_away(published):
    """A vector made while a name still stood in the text is not published, and says so."""
    found, having = keys(published)
    [masked] = [key for text, key in found.items() if "verzuim" in text]

    assert "[naam]" in {key: text for text, key in found.items()}[masked]
    assert having == set(found.values()) - {masked}
    with pytest.raises(WarehouseError, match="no vector"):
        similar(published, masked)


def test_an_edit_or_a_hidden_text_takes_the_vector_away(tmp_path, nlp):
    """A post edited since it was read has no vector until it is read again; without texts no post has."""
    target = tmp_path / "etalage.duckdb"
    with vault(tmp_path) as con:
        load(con, *(post(number, text=text) for number, text in enumerate(HIRING)))
        read(con, nlp)
        edited = post(0, text="Toch niet: de plek is vervuld", collected_at=post(0).collected_at.replace(year=2027))
        load(con, edited)
        publish(con, target)
        assert len(keys(target)[1]) == 1
        read(con, nlp)
        publish(con, target)
        assert len(keys(target)[1]) == 2
        publish(con, target, text="none")
        assert keys(target)[1] == set()


def test_unknown_posts(published):
    """A key that is no post's says so, also when it is written to hurt."""
    for key in ("nobody", "'; drop table core.posts; --"):
        with pytest.raises(WarehouseError, match="no such post"):
            similar(published, key)


def test_signs_do_not_depend_on_the_batch(nlp):
    """A shown text's signs are 48 bytes, the same alone, in a batch, and beside the reading of that very text."""
    [(_, alone)] = annotate_shown(nlp, [("iets anders", None, HIRING[0])])
    batch = list(annotate_shown(nlp, [(HIRING[0], None, HIRING[0]), (TRAINING[0], None, None)]))

    assert [signs for _, signs in batch] == [alone, None]
    assert len(alone) == 48
