"""The words of a piece of HTML, as a reader sees them."""

import re
from html import unescape
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "template", "noscript", "head", "title"})
_BREAKS = frozenset({"br", "hr", "li", "tr", "dt", "dd"})
_BLOCKS = frozenset({"p", "div", "ul", "ol", "dl", "table", "blockquote", "pre", "section", "article", "header"}) | {
    *("footer", "aside", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"),
}
_TAG = re.compile(r"<[^<>]*>")


def text_of(html: str) -> str:
    """Return the text of `html`: entities resolved, blocks a blank line apart, no tags, no scripts."""
    reader = _Reader()
    whole = html.rfind(">") + 1  # no tag ends beyond it, and the parser would look for the end of each
    reader.feed(html[:whole])
    reader.close()
    reader.handle_data(unescape(html[whole:]))
    lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects text; white space in the source is one blank, as in a browser.

    After what never ends the rest is read without its tags: the parser would go over it again from each of them.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def parse_html_declaration(self, i: int) -> int:
        """End a declaration at its first ">", as a browser does: the parser raises over one such as "<![ x"."""
        return self.parse_bogus_comment(i)

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Read a comment, or all the rest when it never closes."""
        end = super().parse_comment(i, report)
        return end if end >= 0 else self._rest(i)

    def parse_starttag(self, i: int) -> int:
        """Read a tag, or all the rest when a quotation in it never closes."""
        end = super().parse_starttag(i)
        return end if end >= 0 else self._rest(i)

    def _rest(self, i: int) -> int:
        self.handle_data(unescape(_TAG.sub(" ", self.rawdata[i:])))
        return len(self.rawdata)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"[ \t\r\n\f\v]+", " ", data))
