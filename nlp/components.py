"""Importing this registers the pipeline's factories with spaCy."""

from nlp.encoder import make_encoder
from nlp.goal import make_goal
from nlp.hashtags import make_hashtags
from nlp.language import make_language
from nlp.organisations import make_organisations
from nlp.role import make_role
from nlp.themes import make_themes

__all__ = [
    "make_encoder",
    "make_goal",
    "make_hashtags",
    "make_language",
    "make_organisations",
    "make_role",
    "make_themes",
]
