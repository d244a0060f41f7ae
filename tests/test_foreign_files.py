"""Files that are no lines of UTF-8, as Windows and spreadsheets save them: what a person reads who imports one."""

import gzip

import pytest

from connectors.files.reading import read_pages
from flows.columns import columns_for
from flows.errors import InputError

TABLE = "datum,bericht\n2026-03-01,Privé gesprek\n"
UTF_16 = "is written in UTF-16: save it as UTF-8"
ZIP = "is a spreadsheet or a zip: save it as CSV in UTF-8, or unpack it"
CR = "its lines end with CR alone: save it with LF"
FOREIGN = {
    "little.csv": (TABLE.encode("utf-16"), UTF_16),
    "big.csv": (b"\xfe\xff" + TABLE.encode("utf-16-be"), UTF_16),
    "packed.csv.gz": (gzip.compress(TABLE.encode("utf-16")), UTF_16),
    "lines.jsonl": ('{"bericht": "x"}\n'.encode("utf-16"), UTF_16),
    "posts.xlsx": (b"PK\x03\x04" + bytes(200), ZIP),
    "posts.xls": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(200), ZIP),
    "mac.csv": (TABLE.replace("\n", "\r").encode(), CR),
    "large.csv": ((TABLE + "2026-03-01,x\n" * 100_000).replace("\n", "\r").encode(), CR),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_is_no_text_in_utf_8_is_refused_in_one_line(tmp_path, name):
    """Read as Windows letters without their NULs, UTF-16 gave rows that looked good and had wrong words."""
    content, words = FOREIGN[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        columns_for(tmp_path / "data", tmp_path / name, "text=bericht,created_at=datum,platform==x", None)

    assert str(caught.value) == f"{tmp_path / name}: {words}"


def test_a_linkedin_file_in_utf_16_is_refused(tmp_path):
    """Also a single file out of the zip, saved again."""
    path = tmp_path / "Shares.csv"
    path.write_bytes("Date,ShareLink,ShareCommentary\n2025-05-06 07:08:09,,Wij zoeken\n".encode("utf-16"))
    with pytest.raises(ValueError, match=UTF_16):
        list(read_pages("linkedin", path, author="Noor"))
