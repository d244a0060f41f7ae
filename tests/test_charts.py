"""The charts as they are drawn: what their axes say, and where a line breaks off."""

import re
from datetime import date

import duckdb
import vl_convert
from stocked import vault

from warehouse.dashboard import charts
from warehouse.dashboard.asking import asked, rows
from warehouse.page.rows import differences
from warehouse.publish import publish


def test_zero_has_no_sign():
    """On an axis of differences nothing is written before 0, and a plus before what is more."""
    row = {"label": "Voor zichzelf", "difference": 0.02, "difference_low": -0.2, "difference_high": 0.3}
    drawn = vl_convert.vegalite_to_svg(differences([row | {"withheld": None}], str))
    words = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)

    assert {"0", "+10", "+20"} < set(words)
    assert "+0" not in words


def test_the_dashboards_months_break_off_where_nothing_is_shown(tmp_path):
    """A month that is withheld, or has no posts, breaks line and band: nothing is drawn across it."""
    with vault(tmp_path) as con:
        publish(con, tmp_path / "etalage.duckdb")
    with duckdb.connect(str(tmp_path / "etalage.duckdb")) as con:
        con.execute(
            "insert into mart.trend by name select 'hr' as role, 'personal' as purpose, make_date(2026, n, 1) as month,"
            " 0.5 as share, 0.4 as share_low, 0.6 as share_high from unnest([1, 2, 5, 6]) as months (n)"
        )
        con.execute(
            "insert into mart.trend by name select 'hr' as role, 'personal' as purpose, date '2026-03-01' as month"
        )
    with asked(tmp_path) as con:
        months = rows(con, "trend", {"role": "hr"})
        assert rows(con, "trend", {"role": "marketing"}) == []
    mine = [row for row in months if row["purpose"] == "personal"]
    paths = re.findall(r' d="(M[^"]*)"', vl_convert.vegalite_to_svg(charts.lines(mine).to_dict()))

    assert len(months) == 18
    assert [row["month"] for row in mine] == [date(2026, month, 1) for month in range(1, 7)]
    assert [row["share"] for row in mine] == [0.5, 0.5, None, None, 0.5, 0.5]
    assert sum(path.count("M") == 2 for path in paths) == 2
