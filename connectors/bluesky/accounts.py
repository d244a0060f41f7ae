"""How the panel's authors stand at Bluesky: 25 a request, one more for each that is not found; free."""

from collections.abc import Mapping, Sequence

from connectors.account import Account
from connectors.bluesky.api import BlueskyApi
from connectors.bluesky.posts import NO_HANDLE, is_unseen
from connectors.bluesky.profiles import Profiles
from connectors.errors import Refused
from connectors.items import Json


def look_up(
    api: BlueskyApi, profiles: Profiles, handles: Sequence[str], known: Mapping[str, str]
) -> dict[str, Account]:
    """Return each handle's account; one that is not found is asked for by its did in `known`: it may be renamed."""
    told, _ = profiles.fetched(handles)
    found = {str(profile.get("handle")).lower(): profile for profile in told}
    by_did = {str(profile.get("did")): profile for profile in found.values()}
    return {
        handle: _account(api, handle, found.get(handle.lower()) or by_did.get(handle), known.get(handle.lower()))
        for handle in handles
    }


def _account(api: BlueskyApi, handle: str, profile: Json | None, did: str | None) -> Account:
    return _lost(api, handle, did) if profile is None else _standing(handle, profile, did)


def _standing(handle: str, profile: Json, did: str | None) -> Account:
    if did is not None and profile.get("did") != did:
        return Account(handle, "renamed", "somebody else goes by this handle now")
    if is_unseen(profile):
        return Account(handle, "protected", "asks not to be shown to outsiders")
    return Account(handle, "found")


def _lost(api: BlueskyApi, handle: str, did: str | None) -> Account:
    try:
        profile = api.get("app.bsky.actor.getProfile", {"actor": did or handle}).document
    except Refused as error:
        words = str(error)
        gone = any(name in words for name in ("AccountTakedown", "AccountDeactivated", "suspended"))
        return Account(handle, "suspended" if gone else "missing", words)
    if handle.lower() in {str(profile.get("handle")).lower(), profile.get("did")}:
        return _standing(handle, profile, did)  # one bad name loses the answer for all that were asked about with it
    now = profile.get("handle")
    detail = "its handle does not lead to it any more, and no other does" if now == NO_HANDLE else f"now {now}"
    return Account(handle, "renamed", detail)
