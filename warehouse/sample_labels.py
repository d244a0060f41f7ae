"""The sample panel's own audit sample, so that a newcomer sees corrected shares: fiction, like the panel itself."""

import json
from pathlib import Path
from typing import Final

from warehouse import audit
from warehouse.labels import Label, store_labels
from warehouse.vault import Connection

DRAWN: Final = 400
ANNOTATOR: Final = "sample-writer"
"""Who wrote a post labelled it: what the writer meant, not what a second reader saw in it."""


def label_sample(con: Connection, published: Path, file: Path) -> int:
    """Draw the sample panel's audit sample once, label it by what its writers meant (`file`), and count the labels."""
    [[draws]] = con.execute("select count(*) from audit_draws").fetchall()
    [[posts]] = con.execute("select count(*) from posts").fetchall()
    meant = intentions(file)
    if draws or posts < len(meant):
        return 0
    audit.draw(con, published, DRAWN, overlap=0, seed="sample")
    drawn = con.execute("select post_key, platform, post_id from audit_posts join posts using (post_key)").fetchall()
    labels = [
        Label(key, ANNOTATOR, meant[platform, post_id], kind="audit")
        for key, platform, post_id in drawn
        if (platform, post_id) in meant
    ]
    return store_labels(con, labels).stored


def intentions(file: Path) -> dict[tuple[str, str], str]:
    """Read the goal that each Dutch post was written for."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {(row["platform"], row["post_id"]): row["goal"] for row in map(json.loads, lines)}
