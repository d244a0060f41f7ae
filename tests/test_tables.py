"""Tables of posts, CSV and JSONL: columns by their names, and rows that cannot be read set aside with their line."""

import pytest
from collecting import ids_of, posts_of, rejects_of
from test_files import NOON, read, written

from connectors.files.reading import columns_of


def test_a_table_is_read_by_its_columns(tmp_path):
    """Semicolons, Windows letters, dates with the day first, constants and empty cells."""
    path = tmp_path / "table.csv"
    text = 'wie;wanneer;tekst;vind ik leuk\nnoor;02-03-2026 12:00;"Privé; ""heel"" privé";4\n'
    text += "bas;2026-03-02T13:00+01:00;Werk;\n"
    path.write_bytes(text.encode("cp1252"))
    columns = {
        "platform": "=mastodon",
        "handle": "wie",
        "created_at": "wanneer",
        "text": "tekst",
        "likes": "vind ik leuk",
    }
    posts = posts_of(read("table", path, columns=columns))
    assert [(post.handle, post.created_at, post.text, post.likes) for post in posts] == [
        ("noor", NOON, 'Privé; "heel" privé', 4),
        ("bas", NOON, "Werk", None),
    ]
    assert columns_of(path) == ["wie", "wanneer", "tekst", "vind ik leuk"]
    assert ids_of(read("table", path, columns=columns)) == [post.post_id for post in posts]


def test_a_table_may_be_jsonl(tmp_path):
    """Numbers are taken as they are; seconds since 1970 are a time."""
    rows = [{"n": 1, "at": 1772452800, "body": "Eén", "up": 3}, {"n": 2, "at": "gisteren", "body": "x"}, b"{cut"]
    path = written(tmp_path / "table.jsonl", rows)
    columns = {"platform": "=x", "post_id": "n", "created_at": "at", "text": "body", "likes": "up"}
    pages = read("table", path, columns=columns)
    (post,) = posts_of(pages)
    assert (post.post_id, post.created_at, post.likes) == ("1", NOON, 3)
    assert ["table.jsonl line 2:" in rejects_of(pages)[0].reason, "line 3: no JSON" in rejects_of(pages)[1].reason] == [
        True
    ] * 2
    assert columns_of(path) == ["n", "at", "body", "up"]


def test_a_column_of_jsonl_may_come_late(tmp_path):
    """JSONL has no heading: a column that the first rows lack is mapped in the rows that have it."""
    rows = [{"at": 1772452800 + number, "body": f"rij {number}"} for number in range(150)]
    path = written(tmp_path / "table.jsonl", [*rows, {**rows[0], "body": "gewijzigd", "edited": 1772539200}])
    columns = {"platform": "=x", "created_at": "at", "text": "body", "edited_at": "edited"}
    posts = posts_of(read("table", path, columns=columns))

    assert len(posts) == 151
    assert [post.text for post in posts if post.edited_at] == ["gewijzigd"]


@pytest.mark.parametrize(
    ("written", "likes"),
    [("4", 4), ("12.0", 12), ("1.234", 1234), ("1,234", 1234), ("1.234.567", 1234567), ("0", 0), ("", None)]
    + [(text, None) for text in ("1.5", "1.23", "12,5", "1.234,567", "veel", "-3", "1e3", "1234.567", "9" * 40, "²")],
)
def test_a_tables_number_is_read_whole_or_not_at_all(tmp_path, written, likes):
    """In the Low Countries thousands are set apart by a dot; what is no whole number is unknown."""
    path = tmp_path / "table.csv"
    path.write_text(f't;x;n\n2024-01-01;goed;"{written}"\n')
    (post,) = posts_of(read("table", path, columns={"platform": "=x", "created_at": "t", "text": "x", "likes": "n"}))
    assert post.likes == likes


def test_rows_that_do_not_fit_are_set_aside_with_their_line(tmp_path):
    """Too many values, no text, and an unknown platform."""
    path = tmp_path / "table.csv"
    path.write_text("p,t,x\nx,2024-01-01,a,b\nx,2024-01-01,\nvk,2024-01-01,c\nx,2024-01-01,goed\n")
    pages = read("table", path, columns={"platform": "p", "created_at": "t", "text": "x"})
    assert [post.text for post in posts_of(pages)] == ["goed"]
    reasons = [reject.reason for reject in rejects_of(pages)]
    assert [f"line {line}" in reason for line, reason in zip((2, 3, 4), reasons, strict=True)] == [True] * 3


BAD_LINES = {
    "a quote that the file's end leaves open": ('"open', "unexpected end of data"),
    "a quote that the next one contradicts": ('"een "woord" ertussen', "expected after"),
    "a line too long": ("x" * 2_500_000, "longer than 1048576"),
    "a quoted line too long": (f'"{"x" * 2_500_000}"', "longer than 1048576"),
}


@pytest.mark.parametrize(("text", "reason"), BAD_LINES.values(), ids=BAD_LINES)
@pytest.mark.parametrize("below", ["eerste", '"eerste"', '"twee\nregels"'])
def test_a_bad_line_of_a_table_costs_no_other(tmp_path, text, reason, below):
    """It is set aside, never stored cut or with the rows below it, and those are posts of their own."""
    path = tmp_path / "table.csv"
    path.write_text(f"t,x\n2024-01-01,{text}\n2024-01-02,{below}\n2024-01-03,laatste\n")
    pages = read("table", path, columns={"platform": "=x", "created_at": "t", "text": "x"})
    assert [post.text for post in posts_of(pages)] == [below.strip('"'), "laatste"]
    (reject,) = rejects_of(pages)
    assert "table.csv line 2: " in reject.reason
    if '"' not in below:  # else the next quote contradicts an open one sooner
        assert reason in reject.reason


def test_an_open_quote_above_a_long_line_costs_these_two(tmp_path):
    """Neither the rows between them nor those below are lost."""
    path = tmp_path / "table.csv"
    path.write_text(f't,x\n2024-01-01,"open\n2024-01-02,een\n2024-01-03,{"x" * 2_500_000}\n2024-01-04,twee\n')
    pages = read("table", path, columns={"platform": "=x", "created_at": "t", "text": "x"})
    assert [post.text for post in posts_of(pages)] == ["een", "twee"]
    assert [reject.reason.split(": ")[1] for reject in rejects_of(pages)] == ["table.csv line 2", "table.csv line 4"]


def test_an_open_quote_in_a_large_table_is_found_soon(tmp_path):
    """A field's limit ends it; the rows that it took so far are read again."""
    path = tmp_path / "table.csv"
    path.write_text('t,x\n2024-01-01,"open\n' + "2024-01-02,goed\n" * 10_000)
    pages = read("table", path, columns={"platform": "=x", "created_at": "t", "text": "x"})
    assert len(posts_of(pages)) == 10_000
    assert ["field limit" in reject.reason for reject in rejects_of(pages)] == [True]


def test_columns_that_cannot_work_are_refused_in_one_line(tmp_path):
    """What is missing, unknown or misnamed is named."""
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    good = {"platform": "=x", "created_at": "a", "text": "b"}
    cases = [
        (None, "needs columns"),
        ({}, "lack 'platform'"),
        ({**good, "text": "c"}, "no column 'c'"),
        ({**good, "sterren": "a"}, "'sterren', which is no field"),
        ({**good, "platform": "=vk"}, "platform 'vk'"),
    ]
    for columns, words in cases:
        with pytest.raises(ValueError, match=words) as caught:
            read("table", path, columns=columns)
        assert "\n" not in str(caught.value)
