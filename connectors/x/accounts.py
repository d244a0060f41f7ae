"""How the panel's accounts stand at X: a hundred a request, each one found is a paid user read."""

from collections.abc import Mapping, Sequence

from connectors.account import Account, Standing
from connectors.items import Json, objects
from connectors.x.api import XApi
from connectors.x.errors import reason_in
from connectors.x.reads import Reads

BATCH = 100
_OUTCOMES: dict[str, Standing] = {"Not Found Error": "missing", "Forbidden": "suspended"}


def look_up(api: XApi, reads: Reads, handles: Sequence[str], known: Mapping[str, str]) -> dict[str, Account]:
    """Return each handle's account; one that is missing is asked for by its id in `known`: it may be renamed.

    A handle of digits is the account's id.
    """
    found: dict[str, Account] = {}
    numbers = [handle for handle in handles if handle.isdigit()]
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        found |= _by("id", _ask(api, reads, ids=batch), batch, {})
    named = [handle for handle in handles if not handle.isdigit()]
    for start in range(0, len(named), BATCH):
        batch = named[start : start + BATCH]
        found |= _by("username", _ask(api, reads, usernames=batch), batch, known)
    lost = {
        known[name.lower()]: name for name, one in found.items() if one.standing == "missing" and name.lower() in known
    }
    ids = list(lost)
    for start in range(0, len(ids), BATCH):
        document = _ask(api, reads, ids=ids[start : start + BATCH])
        for user in objects(document.get("data")):
            name = lost.get(str(user.get("id")))
            if name:
                found[name] = Account(name, "renamed", f"now {user.get('username')}")
        for error in objects(document.get("errors")):
            name = lost.get(str(error.get("value")))
            if name and _OUTCOMES.get(str(error.get("title"))) == "suspended":
                found[name] = Account(name, "suspended", reason_in(error))
    return found


def _ask(api: XApi, reads: Reads, **which: Sequence[str]) -> Json:
    answer = api.call("users", lambda client: client.get_users(**which, user_fields="protected"))
    reads.users(answer.document)
    return answer.document


def _by(key: str, document: Json, names: Sequence[str], known: Mapping[str, str]) -> dict[str, Account]:
    users = {str(user.get(key)).lower(): user for user in objects(document.get("data"))}
    errors = {str(error.get("value")).lower(): error for error in objects(document.get("errors"))}
    return {name: _account(name, users.get(name.lower()), errors.get(name.lower()), known) for name in names}


def _account(name: str, user: Json | None, error: Json | None, known: Mapping[str, str]) -> Account:
    if user is None:
        standing = _OUTCOMES.get(str((error or {}).get("title")), "unknown")
        return Account(name, standing, reason_in(error) or "X does not say")
    before = known.get(name.lower())
    if before is not None and before != str(user.get("id")):
        return Account(name, "renamed", "somebody else goes by this handle now")
    return Account(name, "protected" if user.get("protected") is True else "found")
