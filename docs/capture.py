"""Write again whatever the documentation shows of a real run, on the sample panel and the model that ships.

    uv run python docs/capture.py

The README's captures and its picture of the report, the answers in docs/analysts.md, and docs/marts.md. Needs a
minute, and Chromium for the picture.
"""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from warehouse import dictionary
from warehouse.sql import open_published

ROOT = Path(__file__).parents[1]
ETALAGE = [sys.executable, "-c", "from flows.start import main; main()"]
OTHERS = ("ETALAGE_", "PREFECT_")
QUESTIONS = {
    "Whom do HR people's posts serve, platform by platform, over the last twelve months?": """
select platform, purpose, count_posts, round(share, 2) as as_read,
    round(share_corrected, 2) as corrected, round(corrected_low, 2) as low, round(corrected_high, 2) as high
from mart.purpose_share
where period_kind = 'year' and role = 'hr' and share is not null
order by platform, purpose""",
    "How many organisations have it on the agenda, beside 2013?": """
select class, survey_share, count_class, round(share, 2) as share,
    round(share_low, 2) as low, round(share_high, 2) as high
from mart.survey_2013""",
    "Is Marketing still more convinced than HR?": """
select label, round(share_corrected_hr, 2) as hr, round(share_corrected_marketing, 2) as marketing,
    round(difference_corrected, 2) as difference, round(difference_corrected_low, 2) as low,
    round(difference_corrected_high, 2) as high
from mart.role_comparison
where period_kind = 'year' and platform = 'all' and dimension = 'purpose'""",
}
PICTURE = """
<body style="margin: 0; display: flex; gap: 30px; width: 1320px; height: 1240px; overflow: hidden">
<img src="data:image/png;base64,{desk}"><img src="data:image/png;base64,{phone}"></body>"""


def run(folder: Path, *arguments: str) -> str:
    """Run a command as a person at a narrow terminal would; return standard error, then standard output."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
    answer = subprocess.run(
        [*ETALAGE, *arguments],
        cwd=folder,
        env={**clean, "COLUMNS": "100", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stderr + answer.stdout


def write_readme(nightly: str, folder: Path) -> None:
    """Put what the nightly command printed, and three questions with their answers, between the README's marks."""
    answers = [
        f"{question}\n\n```sql{sql}\n```\n\n```\n{run(folder, 'sql', '--table', sql).strip()}\n```"
        for question, sql in QUESTIONS.items()
    ]
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    for mark, shown in {"nightly": f"```\n{nightly.strip()}\n```", "sql": "\n\n".join(answers)}.items():
        begin, end = f"<!-- capture: {mark} -->\n", f"<!-- end of {mark} -->\n"
        before, after = text.split(begin)[0], text.split(end)[1]
        text = f"{before}{begin}{shown}\n{end}{after}"
    readme.write_text(re.sub(r"[ \t]+\n", "\n", text), encoding="utf-8")


def write_pages(published: Path) -> None:
    """Write the data dictionary and the analysts' answers."""
    con = open_published(published)
    try:
        (ROOT / "docs/marts.md").write_text(dictionary.dictionary(con), encoding="utf-8")
        page = ROOT / "docs/analysts.md"
        page.write_text(dictionary.answered(page.read_text(encoding="utf-8"), con), encoding="utf-8")
    finally:
        con.close()


def draw_report(report: Path) -> None:
    """Draw the report's top at a desk, and its months on a phone, side by side."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the development group

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        shots = {}
        for name, width, section in (("desk", 900, "body"), ("phone", 390, "#verloop")):
            page = browser.new_page(viewport={"width": width, "height": 1240})
            page.goto(report.as_uri())
            page.wait_for_function(
                "[...document.querySelectorAll('.chart')].every(chart => chart.querySelector('svg'))"
            )
            page.evaluate(f"document.querySelector('{section}').scrollIntoView({{behavior: 'instant'}})")
            shots[name] = base64.b64encode(page.screenshot()).decode()
        page = browser.new_page(viewport={"width": 1320, "height": 1240})
        page.set_content(PICTURE.format(**shots))
        page.screenshot(path=ROOT / "docs/images/report.png")
        browser.close()


def main() -> None:
    """Run the nightly command on the sample panel in an empty folder, and show what came of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_readme(run(folder, "nightly"), folder)
        write_pages(folder / "data/etalage.duckdb")
        draw_report(folder / "data/report.html")


if __name__ == "__main__":
    main()
