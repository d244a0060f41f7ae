"""Files for their owner alone, put in place in one move."""

import errno
import os
from contextlib import suppress
from pathlib import Path


def write_private(target: Path, text: str) -> None:
    """Write `text` beside `target` (mode 0600) and move it there; on an `OSError` the old file stays."""
    if not target.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)  # of a process of this number that was killed: in a container they come again
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
