"""Keeping the fictional sample panel and real posts apart in one home, unless `sample = true` wants them together."""

from collections.abc import Collection

from flows.settings import Settings, SettingsError
from warehouse import fiction
from warehouse.vault import Connection

LEFT = "sample_left_out"
"""What the count of dropped posts is called in a run's counts."""


def keep_apart(con: Connection, settings: Settings, sources: Collection[str]) -> dict[str, int]:
    """Before a run: drop the sample when real sources are set up, refuse it where real posts are; return counts."""
    refuse_sample(con, settings, sources)
    return {} if fiction.SAMPLE in sources else make_room(con, settings)


def refuse_sample(con: Connection, settings: Settings, sources: Collection[str]) -> None:
    """Raise `SettingsError` where the sample would meet real posts unasked.

    Real people are not to stand among invented ones, nor to be called so.
    """
    if not settings.sample and fiction.SAMPLE in sources and fiction.holds_real(con):
        raise SettingsError(
            f"no source is set up, and {settings.home} holds real posts, so the sample panel is not read into it: "
            "give the configuration (--config FILE, or the folder with etalage.toml), or another --home for the sample"
        )


def make_room(con: Connection, settings: Settings) -> dict[str, int]:
    """Drop the sample for the real posts that are or will be here, unless both are wanted; return counts."""
    if settings.sample or not fiction.holds_sample(con):
        return {}
    return {LEFT: fiction.drop_sample(con)}


def left_out_line(number: int) -> str:
    """Say to a person what became of the sample."""
    return (
        f"The sample panel's {number:,} invented posts have left this home: real ones take their place "
        "(sample = true keeps both)."
    )
