"""What the labels, states and reasons of the published file are called on the page."""

from collections.abc import Mapping
from typing import Final

from warehouse.page.dutch import number

_UNKNOWN: Final = "onbekend"

PURPOSES: Final = {"organisational": "voor de organisatie", "personal": "voor zichzelf", "other": "geen van beide"}
"""Whom a post serves; the codebook's own word, profilering, means something else in privacy law."""
CLASSES: Final = {"on_agenda": "op de agenda", "talked_about": "onderwerp van gesprek", "absent": "speelt niet"}
SHORT_CLASSES: Final = {"on_agenda": "agenda", "talked_about": "gesprek", "absent": "speelt niet"}
STATES: Final = {
    "planned": "gepland",
    "running": "bezig",
    "complete": "volledig",
    "capped": "afgekapt door het platform",
    "refused": "geweigerd door het platform",
    "cost-stopped": "gestopt om de kosten",
    "failed": "mislukt",
}
KINDS: Final = {"nightly": "nachtelijk", "backfill": "aanvulling", "import": "bestand"}
OUTCOMES: Final = {
    "ok": "gelukt",
    "partial": "deels gelukt",
    "failed": "mislukt",
    "interrupted": "afgebroken",
    "running": "bezig",
}
# Sources too, where their name is another: what comes from blogs, files and the sample.
PLATFORMS: Final = {
    "x": "X",
    "reddit": "Reddit",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "feed": "Blogs",
    "feeds": "Blogs",
    "linkedin": "LinkedIn",
    "files": "bestanden",
    "sample": "voorbeeldpanel",
}
RESOURCES: Final = {
    "post": "berichten",
    "post repeated": "berichten, herhaald (gratis)",
    "user": "accounts",
    "user repeated": "accounts, herhaald (gratis)",
    "counts": "tellingen",
    "counts_all": "tellingen (archief)",
}
THEME_HINTS: Final = {
    "privacy": "zorg om privacy en het blootgeven van mensen",
    "unproven_technology": "eerst maar eens bewijzen dat het werkt",
    "data_aversion": "HR gaat over mensen en niet over cijfers",
    "adoption": "collega's gebruiken het niet",
    "overpromise": "de belofte kwam niet uit",
    "conversation_first": "liever een gewoon gesprek",
    "advocacy": "overtuigd van het nut",
}


def named(name: str) -> str:
    """Write a name from the codebook with a capital, its other letters as they are."""
    return name[:1].upper() + name[1:]


def platform(name: str) -> str:
    """Name a platform or source; one without a name of its own is shown as it stands."""
    return PLATFORMS.get(name, name)


def reason(withheld: str | None, settings: Mapping[str, float]) -> str:
    """Say why a figure is withheld, with the threshold that it missed; an unknown reason is shown as it stands."""
    if withheld is None:
        return ""
    side, _, why = withheld.rpartition(": ")
    sides = {"hr": "HR: ", "marketing": "Marketing: "}
    reasons = {
        "too few posts": f"minder dan {_threshold('minimum_posts', settings)} berichten",
        "too few authors": f"minder dan {_threshold('minimum_authors', settings)} auteurs",
        "too few organisations": f"minder dan {_threshold('minimum_organisations', settings)} organisaties",
        "too few HR people": f"minder dan {_threshold('organisation_minimum_authors', settings)} bekende HR-mensen",
        "protects a smaller cell": "anders is een kleinere groep eruit af te leiden",
        "no audit sample": "er is nog geen steekproef door mensen nagekeken",
        "too few audited posts": f"minder dan {_threshold('minimum_audited', settings)} berichten zijn nagekeken",
        "too few authors of audited posts": "de nagekeken berichten zijn van te weinig auteurs",
        "no posts": "geen berichten",
        "not collected": "niet verzameld",
        "partly collected": "geen berichten, deels verzameld",
        "not planned": "niet gepland",
    }
    return sides.get(side, "") + reasons.get(why, why)


def _threshold(name: str, settings: Mapping[str, float]) -> str:
    return number(settings[name]) if name in settings else _UNKNOWN
