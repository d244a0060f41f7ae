"""After a run nothing readable is left anywhere under the home directory, nor with Prefect: the bytes are searched."""

from functools import cache

from peopled import SAMPLE

from connectors.mapping import map_page

SHORTEST = 6
PUBLISHED = {"etalage.duckdb", "report.html"}
"""Files that hold masked texts on purpose; half-made ones of a run that was killed have more to their name."""


@cache
def known():
    """Handles, names and ids of the sample's people, and texts of its posts, as bytes; distinctive ones only."""
    people, bios, texts = set(), set(), set()
    for page in SAMPLE:
        for post in map_page(page, source="sample", query="panel").posts:
            people |= {post.handle, post.display_name, post.author_id}
            bios.add(post.bio)
            texts.add(post.text[:60])
    tell = {word for word in people if word and len(word) >= SHORTEST and (len(word) > 10 or not word.isalpha())}
    tell = {word.encode() for word in tell | {bio for bio in bios if bio and len(bio) > 30}}
    return tell, {text.encode() for text in texts if len(text) > 30}


def found(folder, people, texts):
    """Which files under a folder hold which words."""
    hits = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        words = people if path.name.startswith(tuple(PUBLISHED)) else people | texts
        hits += [(path.name, word.decode()) for word in words if word in data]
    return hits


def test_after_a_run(sample_run):
    """Vault, its log, spill, Prefect's database and logs: no handle, name, id, bio or text."""
    files = {path.name for path in sample_run.home.rglob("*") if path.is_file()}

    assert {"vault.duckdb", "etalage.duckdb", "report.html"} <= files
    assert found(sample_run.home, *known()) == []


def test_with_prefect(sample_run):
    """Prefect's database, its log and what it keeps of runs know counts only."""
    assert any(path.name == "prefect.db" for path in sample_run.prefect_home.rglob("*"))
    assert found(sample_run.prefect_home, *known()) == []
