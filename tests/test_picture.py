"""The picture of an evaluation."""

from xml.etree import ElementTree as ET

from trained import pipeline

from nlp.corpus_files import LabelledPost
from nlp.evaluate import compare
from nlp.picture import draw

POSTS = [
    LabelledPost("1", "Solliciteer nu op deze vacature!", None, "recruitment", ()),
    LabelledPost("2", "Eindelijk weekend. Barbecue aan!", None, "none", ()),
]


def test_picture_is_whole_and_tells_all():
    """It is well-formed SVG with every label, both confusions and both reliabilities."""
    drawn = draw(compare(pipeline(), POSTS, rounds=10))
    words = [node.text for node in ET.fromstring(drawn).iter() if node.text]  # noqa: S314 - our own

    assert {"personal", "organisational", "other", "people_policy", "none"} <= set(words)
    assert sum("reliability" in word for word in words) == 2
    assert sum("macro-F1" in word for word in words) == 2
    assert words.count("1") >= 4
