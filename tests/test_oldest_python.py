"""What only the oldest Python that is promised (3.11) would show, and the one that runs the tests may not."""

import ast
import re
import warnings

import pytest

PACKAGES = ("connectors", "flows", "nlp", "warehouse")


def texts(root):
    """Every text that a module which uses `re` writes down, docstrings too: its file, line and text."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if re.search(r"^import re$", source, re.MULTILINE):
                for piece in ast.walk(ast.parse(source)):
                    if isinstance(piece, ast.Constant) and isinstance(piece.value, str):
                        yield path.relative_to(root).as_posix(), piece.lineno, piece.value


def is_possessive(text):
    """Tell whether Python reads a possessive repeat in this; what is no pattern, or half of one, holds none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = re._parser.parse(text)
        except (re.error, OverflowError):
            return False
    return "POSSESSIVE_REPEAT" in repr(read)


def test_no_repeat_is_possessive(root):
    """Before 3.11.5 they match wrongly (gh-100061): on Debian's 3.11.2 names of the erased stayed in links."""
    found = list(texts(root))

    assert len(found) > 500
    assert [(path, line) for path, line, text in found if is_possessive(text)] == []


@pytest.mark.parametrize("text", ["a++", "[^<]*+", "(?:a|b){0,9}+", "x?+y", r"<!\[CDATA\[.*+\]\]>", r"a*+(?:b|\])"])
def test_a_possessive_repeat_is_seen(text):
    """The check itself."""
    assert is_possessive(text)


@pytest.mark.parametrize("text", [r"a\++", "[a-z0-9+]+", r"\*+", "[*+-]", "a+b+", "(half"])
def test_what_only_looks_possessive_is_let_be(text):
    """Signs in a class or after a backslash are no repeats."""
    assert not is_possessive(text)
