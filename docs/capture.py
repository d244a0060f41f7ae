"""Put what the commands really print into the README, between its capture marks.

    uv run python docs/capture.py

Runs the nightly command on the sample panel in an empty folder, and asks it three questions.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
ETALAGE = [sys.executable, "-c", "from flows.cli import main; main()"]
QUESTIONS = {
    "Whom do HR people's posts serve, platform by platform, over the last twelve months?": """
select platform, purpose, count_posts, round(share, 2) as share,
    round(share_low, 2) as low, round(share_high, 2) as high
from mart.purpose_share
where period_kind = 'year' and role = 'hr' and share is not null
order by platform, purpose""",
    "How many organisations have it on the agenda, beside 2013?": """
select class, survey_share, count_class, round(share, 2) as share,
    round(share_low, 2) as low, round(share_high, 2) as high
from mart.survey_2013""",
    "Is Marketing still more convinced than HR?": """
select label, round(share_hr, 2) as hr, round(share_marketing, 2) as marketing, round(difference, 2) as difference,
    round(difference_low, 2) as low, round(difference_high, 2) as high
from mart.role_comparison
where period_kind = 'year' and platform = 'all' and dimension = 'purpose'""",
}


def run(folder: Path, *arguments: str) -> str:
    """Run a command as a person at a narrow terminal would; return standard error, then standard output."""
    environment = {**os.environ, "COLUMNS": "100", "TERM": "dumb"}
    answer = subprocess.run(
        [*ETALAGE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return answer.stderr + answer.stdout


def main() -> None:
    """Write both captures into the README."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shown = {"nightly": f"```\n{run(folder, 'nightly').strip()}\n```"}
        parts = [
            f"{question}\n\n```sql{sql}\n```\n\n```\n{run(folder, 'sql', '--table', sql).strip()}\n```"
            for question, sql in QUESTIONS.items()
        ]
        shown["sql"] = "\n\n".join(parts)
    text = README.read_text(encoding="utf-8")
    for mark, capture in shown.items():
        begin, end = f"<!-- capture: {mark} -->", f"<!-- end of {mark} -->"
        text = re.sub(
            rf"{begin}\n(.*?{end}\n)?", lambda _, b=begin, c=capture, e=end: f"{b}\n{c}\n{e}\n", text, flags=re.DOTALL
        )
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
