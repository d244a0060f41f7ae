"""What a run says on the screen, kept for a test to read."""

from flows import progress


class Notes(progress.LogShow):
    """Keeps the lines that were said."""

    def __init__(self):
        self.lines = []

    def note(self, line):
        """Keep one line."""
        self.lines.append(line)
