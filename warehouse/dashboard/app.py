"""The dashboard's pages. Started by `etalage dashboard`; what HR readers see is Dutch."""

import sys
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from warehouse.dashboard import label_page, overview, post_page, sql_page
from warehouse.dashboard.asking import asked, notice
from warehouse.errors import WarehouseError

STYLE = """
<style>
.etalage-notice { background: #fff4d6; border-left: 5px solid #b25e00; color: #3d2500; padding: .5rem .8rem; }
.etalage-post { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 4px solid #0b5c7a; padding: .4rem .8rem;
  margin: 0; font-size: 1.05rem; }
div[data-testid="stMainBlockContainer"] { padding-top: 3.2rem; }
</style>
"""

# Streamlit says that its pages are English: a screen reader would read Dutch aloud as that.
DUTCH = '<script>document.documentElement.lang = "nl"</script>'


def main() -> None:
    """Show the page that was chosen, under the notice that belongs to every figure."""
    home = Path(sys.argv[1])
    st.set_page_config(page_title="Etalage", layout="wide")
    st.html(STYLE)
    st.html(DUTCH, unsafe_allow_javascript=True)
    pages = (
        ("Overzicht", "overzicht", overview.show),
        ("Berichten", "berichten", post_page.show),
        ("Beoordelen", "beoordelen", label_page.show),
        ("Vragen in SQL", "sql", sql_page.show),
    )
    # No icons anywhere: for the tab Streamlit fetches the drawing of a page's icon from outside.
    made = {path: st.Page(partial(show, home), title=title, url_path=path) for title, path, show in pages}
    st.session_state["pages"] = made
    page = st.navigation(list(made.values()))
    try:
        with asked(home) as con:
            words = notice(con)
        st.html(f'<p class="etalage-notice" role="note">{escape(words)}</p>')
        page.run()
    except WarehouseError as error:
        st.error(f"Dit lukt nu niet: {error}")


main()
