"""What became of a repost at Bluesky: its author is who reposted, whatever became of the original."""

import pytest
from fake_bluesky import ANNA, FakeBluesky, source, view
from loopback import Told, serving

from connectors.errors import Transient

BRAM = "did:plc:bramverzonnen234567abcde"
OTHER = {"did": ANNA, "handle": "anna.bsky.example"}


@pytest.mark.parametrize(
    ("answer", "presence"),
    [
        (Told({"profiles": [OTHER]}), "deleted"),
        (Told({"profiles": [{"did": BRAM, "labels": [{"val": "!no-unauthenticated"}]}, OTHER]}), "protected"),
        (Told({"profiles": [{"did": BRAM, "handle": "bram.bsky.example"}, OTHER]}), "found"),
        (Told({"profiles": [{"did": BRAM, "labels": 5}, OTHER]}), "found"),
        (Told({"profiles": [OTHER, {"handle": "bram.bsky.example"}]}), "found"),
        (Told({"error": "InvalidRequest", "message": "not from here"}, status=400), "found"),
    ],
)
def test_a_repost_goes_with_its_reposter(answer, presence):
    """Also when the original stays; an answer that does not tell of the account leaves what is told of the original."""
    ids = [view(1)["uri"], *(f"{view(1)['uri']}#reposted-by={did}" for did in (BRAM, ANNA, "no did")), view(2)["uri"]]
    tell = {"getPosts": lambda _: Told({"posts": [view(1)]}), "getProfiles": lambda _: answer}
    with serving(FakeBluesky(tell=tell)) as bluesky:
        looks = source(bluesky.base_url).look_again([*ids, f"{view(2)['uri']}#reposted-by={BRAM}"])

    presences = [look.presence for look in looks.values()]
    assert presences[:5] == ["found", presence, "found", "found", "deleted"]
    assert presences[5] == ("deleted" if presence == "found" else presence)
    assert [one.lists["actors"] for one in bluesky.asked[1:]] == [[BRAM, ANNA]]


def test_an_answer_without_profiles_says_nothing_of_reposters():
    """It is asked again later: nobody is taken for gone by it."""
    tell = {"getPosts": lambda _: Told({"posts": [view(1)]}), "getProfiles": lambda _: Told({"profiles": None})}
    with serving(FakeBluesky(tell=tell)) as bluesky, pytest.raises(Transient, match="no profiles"):
        source(bluesky.base_url).look_again([f"{view(1)['uri']}#reposted-by={BRAM}"])
