"""Masking: what leads to a person goes, what only looks like it stays."""

import string
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warehouse.masking import beside_accounts, is_bsn, is_iban, is_national_register, mask

_PLAIN = string.ascii_uppercase + string.ascii_lowercase + string.digits
BOLD = str.maketrans(_PLAIN, "".join(map(chr, [*range(0x1D5D4, 0x1D608), *range(0x1D7EC, 0x1D7F6)])))
FULL_WIDTH = str.maketrans(_PLAIN, "".join(chr(ord(letter) + 0xFEE0) for letter in _PLAIN))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Dank @willemijn_3!", "Dank [account]!"),
        ("Dank @willemijn.example en @jan@hr.example.", "Dank [account] en [account]."),
        ("\uff20willemijn zegt", "[account] zegt"),
        ("volg u/peo_mens of /u/peo-mens", "volg [account] of [account]"),
        ("mail willemijn.v+hr@voorbeeld.example nu", "mail [e-mail] nu"),
        ("mail willemijn [at] voorbeeld.example", "mail [e-mail]"),
        ("zie https://x.com/willemijn_3/status/12 en www.voorbeeld.example/w", "zie [link] en [link]"),
        ("zie x.com/willemijn_3", "zie [link]"),
        ("mailto:w@voorbeeld.example", "mailto:[e-mail]"),
        ("bel 06-12345678", "bel [telefoon]"),
        ("bel 06 12 34 56 78 of +31 (0)6 1234 5678.", "bel [telefoon] of [telefoon]."),
        ("bel 0031612345678, 010-123 45 67, +32 470 12 34 56", "bel [telefoon], [telefoon], [telefoon]"),
        ("06 12345678 06 87654321", "[telefoon] [telefoon]"),
        ("BSN 123456782 en 1234.56.782", "BSN [bsn] en [bsn]"),
        ("BSN-123456782 of ...123456782", "BSN-[bsn] of ...[bsn]"),
        ("rijksregister 85.07.30-033.28", "rijksregister [bsn]"),
        ("NL91 ABNA 0417 1643 00 graag", "[iban] graag"),
        ("nl91abna0417164300.", "[iban]."),
        ("NL91.ABNA.0417.1643.00 of NL91-ABNA-0417-1643-00", "[iban] of [iban]"),
        ("BE68539007547034", "[iban]"),
        ("HR24 rekening NL91 ABNA 0417 1643 00", "HR24 rekening [iban]"),
        ("NL12 BE34 NL91ABNA0417164300 BE68 5390 0754 7034", "NL12 BE34 [iban] [iban]"),
        ("BSN 123456782 12 maart, kamer 12 123456782", "BSN [bsn] 12 maart, kamer 12 [bsn]"),
        ("bel 06-12345678www.voorbeeld.example", "bel [telefoon][link]"),
        ("BSN 123456782www.voorbeeld.example", "BSN [bsn][link]"),
        ("BSN 123456782https://voorbeeld.example", "BSN [bsn][link]"),
        ("bel 06-12345678/06-87654321/0107654321", "bel [telefoon]/[telefoon]/[telefoon]"),
        ("BSN 123456782-06-12345678", "BSN [bsn]-[telefoon]"),
        ("@a@b@c@d@e", "[account][account][account]"),
        ("@uu\uff20x00", "[account][account]"),
        ("u/xu@ab", "[account][account]"),
        ("Dank @\u200banna!", "Dank [account]!"),
        ("Dank @\u2060anna@hr.example en @\u2068bo\u2069!", "Dank [account] en [account]!"),
        ("Dank @an\u200bna, anna\u200b@hr.example, 06\u200b12345678", "Dank [account], [e-mail], [telefoon]"),
        ("zie http:\u200b//x \u2764\ufe0f", "zie [link] \u2764"),
        ("Dank @anna \u2764\ufe0f", "Dank [account] \u2764\ufe0f"),
        ("_@jo_ en dank@piet via\uff20femke", "_[account] en dank[account] via[account]"),
        ("zegt u/\\_anna\\_hr\\_ en stille\\_lezer", "zegt [account] en stille_lezer"),
        ("tja \u00af\\_(\u30c4)_/\u00af", "tja \u00af\\_(\u30c4)_/\u00af"),
        ("bel 020-1234567/68 of 06-12345678-2", "bel [telefoon] of [telefoon]"),
        ("bel 06-12345678/12345679, 06\t12345678 of 06\n12345678", "bel [telefoon], [telefoon] of [telefoon]"),
        ("NL91 ABNA\n0417164300", "[iban]"),
        ("een \x1b[31mrode\x07 vacature\r\n", "een [31mrode vacature \n"),
        ("Dank @\u3164anna en @\U000e0041bo", "Dank [account] en [account]"),
    ],
)
def test_masks(text, masked):
    """Accounts, addresses, numbers and links are replaced by what they were."""
    assert masked == mask(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("bel 06-12345678", "bel [telefoon]"),
        ("NL91 ABNA 0417 1643 00 en BSN 123456782", "[iban] en BSN [bsn]"),
        ("mail anna@voorbeeld.example", "mail [e-mail]"),
        ("zie https://x.com/anna, u/anna en @anna", "zie [link] [account] en [account]"),
        ("Wij zoeken 2 recruiters!", "Wij zoeken 2 recruiters!"),
    ],
)
def test_letters_and_digits_in_another_shape(text, masked):
    """Bold or full-width they are read, and published, as the ones that they show."""
    for letters in (BOLD, FULL_WIDTH):
        assert masked == mask(text.translate(letters))


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009"])
@pytest.mark.parametrize("dash", ["\u2013", "\u2011", "\u2212", "\uff0d"])
def test_numbers_as_word_processors_write_them(blank, dash):
    """With hard and thin blanks, long and hard dashes; years and times stay."""
    assert mask(f"06{dash}12345678 of 06{blank}12345678") == "[telefoon] of [telefoon]"
    assert mask(f"bsn{dash}123{blank}456{blank}782") == f"bsn{dash}[bsn]"
    assert mask(f"NL91{blank}ABNA{blank}0417{blank}1643{blank}00") == "[iban]"
    for text in (
        f"2019{dash}2023, 10.30 {dash} 11.45",
        f"12{dash}05{dash}2026",
        f"1{blank}000{blank}000{dash}2{blank}000{blank}000",
    ):
        assert mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Kom jij ons team versterken? 28 uur, schaal 10.",
        "Dinsdag 01-02-2026 van 09.00-17.00 uur",
        "van 2025-2026 groeien we van 1.234.567 naar 2.345.678 euro",
        "order 123456789 en NL00 ABNA 0000 0000 00",
        "we gaan 50/50, 24/7 en 9@5 is nergens voor nodig",
        "@ de koffieautomaat, P&O/HR, en/of, nl.linkt niet",
        "",
    ],
)
def test_leaves_alone(text):
    """Hours, dates, amounts, failing check digits and ordinary punctuation stay."""
    assert text == mask(text).replace("9[account]", "9@5")


@pytest.mark.parametrize(
    "text", ["kijk op http:// morgen", "http://", "hallo ://x daar", "1://x", "_x://y.example/z", f"{'a' * 30}://x"]
)
def test_nothing_that_the_search_takes_for_a_link_is_left(text):
    """The search before publishing stops at every "://": one such text would keep the file of before for good."""
    assert "://" not in mask(text)


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "0 ", "0", "NL91 ", "nl91", "a.", "@", "u/", "1.", "x@y.", "http:", "06-", "a-b.", "[at]", "@a@a."),
        *("@a", "u/aa@a", "www.", "06-12345678/", "123456782-", ":", "/", "://", "a:// ", "a+"),
    ],
)
@pytest.mark.parametrize(
    "change", [mask, lambda text: beside_accounts(text, str.upper)], ids=["all", "beside accounts"]
)
def test_a_long_text_takes_as_long_as_its_parts(piece, change):
    """Ten times as much takes about ten times as long, whatever it nearly is; the end has it looked at."""

    def seconds(characters):
        text = piece * (characters // len(piece)) + " @a 0612345678"
        begun = time.process_time()
        change(text)
        return time.process_time() - begun

    assert seconds(100_000) < 30 * max(seconds(10_000), 0.01)


@given(st.text())
@example("bel 06-12345678www.voorbeeld.example")
@example("BSN 123456782www.voorbeeld.example")
@example("bel 06-12345678/06-87654321")
@example("@a@b@c@d@e")
@example("@uu\uff20x00")
@example("@\u200banna \u2764\ufe0f")
def test_masking_twice_changes_nothing(text):
    """What is masked stays as it is when masked again."""
    assert mask(mask(text)) == mask(text)


def test_check_digits():
    """Numbers of citizens and accounts are told from numbers that only look so."""
    assert is_bsn("111222333")
    assert is_bsn("10000008")
    assert not is_bsn("111222334")
    assert not is_bsn("000000000")
    assert not is_bsn("1112223")
    assert is_national_register("85073003328")
    assert not is_national_register("85073003329")
    assert is_iban("NL91ABNA0417164300")
    assert not is_iban("NL91ABNA0417164301")
