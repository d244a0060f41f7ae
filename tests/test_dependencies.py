"""What Etalage depends on: every file known by its hash, every licence known and listed."""

import importlib.util
import os
import re
import subprocess
import tomllib

import pytest

ACCEPTED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Mozilla Public License 2\.0|MPL-2\.0|HPND|Artistic License;"
)


@pytest.fixture(scope="module")
def licences(root):
    """The script that writes docs/licences.md."""
    spec = importlib.util.spec_from_file_location("licences", root / "docs/licences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def listed(root):
    """The page's rows."""
    text = (root / "docs/licences.md").read_text(encoding="utf-8")
    _, _, rows = text.partition("| --- | --- |\n")
    return dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", rows, re.MULTILINE))


def test_every_file_of_the_lock_has_its_hash(root):
    """Nothing that is not, byte for byte, what was locked gets installed."""
    lock = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))
    files = [
        (package["name"], file)
        for package in lock["package"]
        if "registry" in package["source"]
        for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
    ]

    assert len(files) > 500
    assert [name for name, file in files if not re.fullmatch(r"sha256:[0-9a-f]{64}", file.get("hash", ""))] == []
    assert {key for package in lock["package"] for key in package["source"]} <= {"registry", "editable", "virtual"}


def test_every_dependency_has_its_reason(root):
    """Whatever pyproject.toml asks for stands in the decision that says what it is for."""
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [re.match(r"[\w-]+", one)[0] for one in declared]
    table = (root / "docs/decisions/0004-dependencies.md").read_text(encoding="utf-8").lower().replace(".py", "-py")
    firsts = {name for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for name in re.findall(r"[\w-]+", row)}

    assert sorted(set(names) - firsts) == []


def test_the_page_lists_what_the_lock_holds(root, licences):
    """A package that is added or dropped changes the page: uv run --extra dashboard python docs/licences.py."""
    assert set(listed(root)) == set(licences.locked())


def test_the_page_says_what_the_packages_say(root, licences):
    """The licence of everything that is installed here is the one on the page."""
    here = licences.installed()
    rows = {name: words for name, words in listed(root).items() if words != licences.ELSEWHERE}

    assert {name: here[name] for name in rows if name in here and here[name] != rows[name]} == {}


def test_every_licence_lets_us(root, licences):
    """Permissive, or copyleft of its own files; of a choice one is enough."""
    rows = {name: words for name, words in listed(root).items() if words != licences.ELSEWHERE}

    assert len(rows) > 100
    assert {name: words for name, words in rows.items() if not ACCEPTED.search(words)} == {}


STAND_IN = """#!/usr/bin/env bash
file="${@: -1}"
case "$(basename "$file")" in
    vulnerable.txt) [ "$OLD" = known ] && { echo "jinja2 2.4.1 PYSEC-2014-8 2.7.2"; exit 1; } ;;
    locked.txt) grep -q -- --hash=sha256: "$file" && [ "$LOCKED" = known ] && { echo "some 1.0 GHSA-xxxx"; exit 1; } ;;
esac
echo "No known vulnerabilities found"
"""
"""In pip-audit's place, as its real source cannot be made to know something."""


@pytest.mark.parametrize(
    ("old", "locked", "arguments", "code", "words"),
    [
        ("known", "nothing", [], 0, "No known vulnerabilities found"),
        ("known", "known", [], 1, "GHSA-xxxx"),
        ("nothing", "nothing", [], 0, "NOT looked at"),
        ("nothing", "nothing", ["--required"], 1, "NOT looked at"),
    ],
)
def test_advisories_are_looked_at_or_said_not_to_be(root, tmp_path, old, locked, arguments, code, words):
    """A finding fails; a source that knows no advisory, not even of an old Jinja2, is never taken for a clean bill."""
    (tmp_path / "uvx").write_text(STAND_IN)
    (tmp_path / "uvx").chmod(0o700)
    answer = subprocess.run(
        [str(root / ".ci/advisories"), *arguments],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "OLD": old, "LOCKED": locked},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, words in answer.stdout) == (code, True), answer.stdout + answer.stderr
