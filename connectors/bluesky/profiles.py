"""Bios on Bluesky: a feed names its authors without them, so they are asked for, 25 a call and each once."""

from collections.abc import Iterable
from typing import Any

from connectors.bluesky.api import BlueskyApi
from connectors.errors import Refused
from connectors.items import Json, objects

BATCH = 25


class Profiles:
    """Remembers the profiles that a source has asked for."""

    def __init__(self, api: BlueskyApi) -> None:
        self._api = api
        self._known: dict[str, Json | None] = {}

    def of(self, items: Iterable[Any]) -> Json:
        """Return the profiles of the authors of feed items or posts, as `getProfiles` answers."""
        dids = list(dict.fromkeys(did for item in items if (did := _author(item)) is not None))
        missing = [did for did in dids if did not in self._known]
        profiles, refusals = self.fetched(missing)  # a post without its author's bio is still a post
        found = {profile["did"]: profile for profile in profiles}
        self._known |= found if refusals else {did: found.get(did) for did in missing}
        return {"profiles": [profile for did in dids if (profile := self._known.get(did)) is not None]}

    def fetched(self, actors: Iterable[str]) -> tuple[list[Json], list[Refused]]:
        """Ask for profiles by handle or did; those that Bluesky does not know are left out.

        Also return its refusals: one bad name loses the answer for all that were asked about with it.
        """
        wanted = list(dict.fromkeys(actors))
        found: list[Json] = []
        refusals: list[Refused] = []
        for start in range(0, len(wanted), BATCH):
            try:
                answer = self._api.get("app.bsky.actor.getProfiles", {"actors": wanted[start : start + BATCH]})
            except Refused as error:
                refusals.append(error)
                continue
            profiles = objects(answer.document.get("profiles"))
            found += [profile for profile in profiles if isinstance(profile.get("did"), str)]
        return found, refusals


def _author(item: Any) -> str | None:
    """Return the did of who posted or reposted an item."""
    try:
        by = (item.get("reason") or {}).get("by") or item.get("post", item)["author"]
        did = by["did"]
    except (KeyError, TypeError, AttributeError):
        return None
    return did if isinstance(did, str) else None
