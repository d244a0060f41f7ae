"""The labels of the codebook (docs/codebook.md), in its order."""

from typing import Final

VERSION: Final = "2"

GOALS: Final[dict[str, tuple[str, ...]]] = {
    "personal": ("showcase", "peer_exchange"),
    "organisational": (
        "recruitment",
        "employer_branding",
        "internal_branding",
        "learning",
        "knowledge_sharing",
        "collaboration",
        "people_policy",
    ),
    "other": ("none",),
}
PURPOSE_OF: Final[dict[str, str]] = {goal: purpose for purpose, goals in GOALS.items() for goal in goals}
THEMES: Final = (
    "privacy",
    "unproven_technology",
    "data_aversion",
    "adoption",
    "overpromise",
    "conversation_first",
    "advocacy",
)
ROLES: Final = ("hr", "marketing", "other", "unknown")
LANGUAGES: Final = ("nl", "af", "de", "en", "fr", "fy", "other")
"""What texts are labelled with to learn languages from; the order is that of the labels in the model."""

DUTCH: Final[dict[str, str]] = {
    "personal": "persoonlijke profilering",
    "organisational": "organisatiedoel",
    "other": "overig",
    "showcase": "in de etalage",
    "peer_exchange": "kennis met vakgenoten",
    "recruitment": "arbeidsmarktcommunicatie en werving",
    "employer_branding": "werkgeversmerk (naar buiten)",
    "internal_branding": "intern merk (naar binnen)",
    "learning": "leren en ontwikkelen",
    "knowledge_sharing": "kennisdeling",
    "collaboration": "(nieuwe vormen van) samenwerking",
    "people_policy": "personeelsbeleid en inzetbaarheid",
    "none": "geen",
    "privacy": "privacyverwikkelingen",
    "unproven_technology": "non proven gadgets",
    "data_aversion": "afkeer van data",
    "adoption": "user adoption",
    "overpromise": "superorganisatie",
    "conversation_first": "het normale gesprek",
    "advocacy": "valt reuze mee",
    "hr": "HR",
    "marketing": "marketing en communicatie",
    "unknown": "onbekend",
}
