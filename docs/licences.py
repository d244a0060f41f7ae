"""Write docs/licences.md: every package that the lock file may install, with its licence as its own metadata says.

    uv run --extra dashboard python docs/licences.py

What is locked for training or for other systems alone is not installed, and is listed as such.
"""

import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/licences.md"
HEAD = """# Licences of what Etalage depends on

Etalage is MIT. Written by `docs/licences.py` from the packages' own metadata; a test keeps it in step with the lock
file. All are permissive, copyleft of their own files alone (MPL-2.0), or leave the choice of such a licence.
What training alone needs (PyTorch with NVIDIA's libraries, under NVIDIA's own terms) is no part of a running Etalage.

| package | licence |
| --- | --- |
"""
ELSEWHERE = "(for training or for other systems alone; not installed where this page was written)"


def locked() -> list[str]:
    """Names of the lock file's packages, without Etalage itself."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    return sorted({package["name"] for package in lock["package"] if "registry" in package["source"]})


def installed() -> dict[str, str]:
    """Licences of what is installed here, by normalised name."""
    return {name(one): licence(one) for one in distributions()}


def name(one: Distribution) -> str:
    """Write a package's name as the lock file does."""
    return str(one.metadata["Name"]).lower().replace("_", "-").replace(".", "-")


def licence(one: Distribution) -> str:
    """Read a licence: the expression, else the classifiers, else the first line of the free text."""
    if expression := one.metadata.get("License-Expression"):
        return str(expression)
    lines = one.metadata.get_all("Classifier", [])
    classifiers = [line.rsplit(" :: ", 1)[-1] for line in lines if line.startswith("License ::")]
    return "; ".join(classifiers) or str(one.metadata.get("License") or "").partition("\n")[0]


def page(licences: dict[str, str]) -> str:
    """Return the page's text."""
    return HEAD + "".join(f"| {package} | {licences.get(package, ELSEWHERE)} |\n" for package in locked())


if __name__ == "__main__":
    PAGE.write_text(page(installed()), encoding="utf-8")
