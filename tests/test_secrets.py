"""Planted secrets through every way to fail, DEBUG logging on: they show in no error, log, file or database."""

import base64
import json
import logging

import pytest
from collecting import IMPATIENT, patience
from etalage_command import IMPATIENTLY
from fake_bluesky import jwt
from loopback import Told, serving
from stocked import START

from connectors.bluesky.source import BlueskySource
from connectors.errors import SourceError
from connectors.mastodon.source import MastodonSource
from connectors.reddit.source import RedditSource
from connectors.source import Window
from connectors.times import utc_now
from connectors.x.source import XSource

X, CLIENT, BLUESKY, MASTODON, VAULT = (f"planted-{name}-3f9c2a71" for name in ("x", "client", "bsky", "masto", "vault"))
REDDIT_TOKEN, SESSION = "planted-reddit-token-77aa", "planted-session-88bb"
LOGIN = base64.b64encode(f"id:{CLIENT}".encode()).decode()
PLANTED = (X, CLIENT, BLUESKY, MASTODON, VAULT, REDDIT_TOKEN, SESSION, LOGIN)
SENT = {X, LOGIN, REDDIT_TOKEN, SESSION, MASTODON}
"""What a platform gets to see in its requests' headers, and echoes."""


def echo(status, broken=False):
    """A platform that gives tokens, and answers everything else with what it was sent, secrets included."""

    def answer(asked):
        if asked.path.endswith("access_token"):
            return Told({"access_token": REDDIT_TOKEN, "token_type": "bearer", "expires_in": 3600, "scope": "*"})
        if asked.path.endswith("createSession"):
            tokens = dict.fromkeys(("accessJwt", "refreshJwt"), jwt(signature=SESSION))
            return Told({**tokens, "did": "did:plc:abc", "handle": "anna.example", "active": True})
        echoed = f"not accepted: {asked.headers.get('authorization')}"
        said = {"title": "Error", "error": echoed, "status": status, "message": echoed, "detail": echoed}
        return Told(json.dumps(said)[: 40 if broken else None], status)

    return answer


def sources(base_url):
    """Every source with credentials, at one address, with a query of each."""
    return [
        (XSource(bearer_token=X, base_url=base_url, waiting=patience(), **IMPATIENT), "search:#hr"),
        (XSource(bearer_token=X, base_url=base_url, waiting=patience(), **IMPATIENT), "timeline:anna"),
        (
            RedditSource(
                client_id="id",
                client_secret=CLIENT,
                user_agent="linux:test:1 (by u/x)",
                base_url=base_url,
                waiting=patience(),
                **IMPATIENT,
            ),
            "r/HR/new",
        ),
        (
            BlueskySource(
                handle="anna.example", app_password=BLUESKY, base_url=base_url, waiting=patience(), **IMPATIENT
            ),
            "search:hr",
        ),
        (
            MastodonSource(instances={"here": base_url}, tokens={"here": MASTODON}, waiting=patience(), **IMPATIENT),
            "tag:hr@here",
        ),
    ]


def sent(platform):
    """The planted secrets that came with the requests."""
    words = "".join(str(asked.headers) for asked in platform.asked)
    return {secret for secret in SENT if secret in words}


def chain(error):
    """An error with everything that led to it, as a traceback would show."""
    words = []
    while error is not None:
        words.append(f"{error!r} {error}")
        error = None if error.__suppress_context__ else error.__cause__ or error.__context__
    return "\n".join(words)


@pytest.mark.parametrize("fault", [400, 401, 402, 403, 404, 429, 500, 503, "cut"])
def test_no_failure_of_a_source_tells_a_secret(fault, caplog):
    """Whatever the platform says back, neither the error nor any library's DEBUG log holds a credential."""
    caplog.set_level(logging.DEBUG)
    for name in (
        "tweepy",
        "tweepy.client",
        "prawcore",
        "httpx",
        "httpcore",
        "urllib3",
        "mastodon",
        "atproto",
        "requests",
    ):
        logging.getLogger(name).setLevel(logging.DEBUG)
    said = []
    with serving(echo(200 if fault == "cut" else fault, broken=fault == "cut")) as platform:
        for source, query in sources(platform.base_url):
            window = Window(source.name, query, START, utc_now())
            with pytest.raises(SourceError) as caught:
                list(source.pages(window))
            said.append(chain(caught.value))
        assert sent(platform) == SENT
    logged = "\n".join(f"{record.getMessage()} {record.exc_info} {record.args}" for record in caplog.records)

    assert [
        (secret, place)
        for secret in PLANTED
        for place, words in (("error", "\n".join(said)), ("log", logged))
        if secret in words
    ] == []


SETTINGS = """
[x]
bearer_token = "{x}"
base_url = "{url}"
queries = ["search:#hr", "timeline:anna"]
[reddit]
client_id = "id"
client_secret = "{client}"
base_url = "{url}"
queries = ["r/HR/new"]
[bluesky]
handle = "anna.example"
app_password = "{bluesky}"
base_url = "{url}"
queries = ["search:hr"]
[mastodon]
instances = {{ here = "{url}" }}
tokens = {{ here = "{mastodon}" }}
queries = ["tag:hr@here"]
[alerts]
urls = ["json://anna:{vault}@127.0.0.1:1/pad"]
"""


def test_a_run_that_is_refused_everywhere_tells_no_secret(etalage, tmp_path_factory):
    """Command, home directory, Prefect's database and logs, all at DEBUG: no planted secret in any byte."""
    with serving(echo(401)) as platform:
        etalage.configure(
            SETTINGS.format(x=X, client=CLIENT, bluesky=BLUESKY, mastodon=MASTODON, vault=VAULT, url=platform.base_url)
        )
        etalage.before = IMPATIENTLY
        loud = {"PREFECT_LOGGING_LEVEL": "DEBUG", "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG", "ETALAGE_VAULT_KEY": VAULT}
        answers = [etalage(*command, **loud) for command in (["nightly"], ["status"])]
        assert sent(platform) == SENT
    places = [etalage.home, *tmp_path_factory.getbasetemp().glob("prefect*")]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]

    assert answers[0].returncode == 3, answers[0].stderr
    assert [secret for secret in PLANTED for answer in answers if secret in answer.stdout + answer.stderr] == []
    assert [(secret, path.name) for path in files for secret in PLANTED if secret.encode() in path.read_bytes()] == []
    assert b"timeline:anna" not in b"".join(path.read_bytes() for path in files if "prefect" in str(path))


def test_the_lock_file_holds_no_credentials(root):
    """Addresses in uv.lock name no user."""
    assert "@" not in "".join(line for line in (root / "uv.lock").read_text().splitlines() if "registry" in line)
