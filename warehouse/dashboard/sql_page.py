"""A box for SQL on the published file: reading only, with limits of time, memory and rows."""

from pathlib import Path

import streamlit as st

from warehouse.dashboard.asking import ALONE, asked, table
from warehouse.dashboard.files import as_csv, as_parquet
from warehouse.errors import BadQuery
from warehouse.page.dutch import counted
from warehouse.sql import query
from warehouse.sqlfiles import statement

EXAMPLE = """select month, share, share_low, share_high
from mart.trend
where role = 'hr' and purpose = 'organisational'
order by month"""
SECONDS = 20
ROWS = 5_000


def show(home: Path) -> None:
    """Answer one question and offer it as a file."""
    st.title("Vragen in SQL")
    st.caption(f"Alleen lezen, hooguit {SECONDS} seconden en {ROWS} regels. De tabellen staan hieronder beschreven.")
    with st.form("sql"):
        sql = st.text_area("Uw vraag", EXAMPLE, height=150)
        st.form_submit_button("Stel de vraag", type="primary")
    try:
        with ALONE:
            answer = query(home / "etalage.duckdb", sql, rows=ROWS, seconds=SECONDS, memory="512MB")
    except BadQuery as error:
        st.error("Deze vraag lukt niet:")
        st.code(str(error), language=None, wrap_lines=True)
    else:
        st.dataframe(table(answer.columns, answer.rows), hide_index=True, width="stretch")
        st.caption(counted(len(answer.rows), "regel", "regels") + (", er waren er meer" if answer.is_cut else ""))
        left, right = st.columns(2)
        left.download_button("Download als CSV", as_csv(answer.columns, answer.rows), "antwoord.csv", "text/csv")
        right.download_button("Download als Parquet", as_parquet(answer.columns, answer.rows), "antwoord.parquet")
    with st.expander("Tabellen en kolommen"), asked(home) as con:
        found = con.execute(statement("dictionary")).fetchall()
        st.dataframe(
            [
                {"tabel": f"{schema}.{name}", "kolom": column, "soort": kind.lower(), "betekenis (Engels)": comment}
                for schema, name, _, column, kind, comment in found
            ],
            hide_index=True,
            width="stretch",
        )
