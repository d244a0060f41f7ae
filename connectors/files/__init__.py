"""Files that people already have, read as pages: `reading.read_pages` is the way in."""
