"""What only the oldest Python that is promised (3.11) would show, and the one that runs the tests may not."""

import ast
import re

import pytest

PACKAGES = ("connectors", "flows", "nlp", "warehouse")
POSSESSIVE = re.compile(r"(?<!\\)(?:[*+?]|\{\d*,?\d*\})\+(?![^\[]*\])")


def patterns(root):
    """Every piece of a regular expression that the packages' modules write down: its file, line and text."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "compile":
                    for piece in ast.walk(call):
                        if isinstance(piece, ast.Constant) and isinstance(piece.value, str):
                            yield path.relative_to(root).as_posix(), piece.lineno, piece.value


def test_no_repeat_is_possessive(root):
    """Before 3.11.5 they match wrongly (gh-100061): on Debian's 3.11.2 names of the erased stayed in links."""
    found = list(patterns(root))

    assert len(found) > 50
    assert [(path, line) for path, line, text in found if POSSESSIVE.search(text)] == []


@pytest.mark.parametrize("text", ["a++", "[^<]*+", "(?:a|b){0,9}+", "x?+y"])
def test_a_possessive_repeat_is_seen(text):
    """The check itself."""
    assert POSSESSIVE.search(text)


@pytest.mark.parametrize("text", [r"a\++", "[a-z0-9+]+", r"\*+", "[*+-]", "a+b+"])
def test_what_only_looks_possessive_is_let_be(text):
    """Signs in a class or after a backslash are no repeats."""
    assert not POSSESSIVE.search(text)
