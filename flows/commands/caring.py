"""`etalage doctor` and `etalage serve`: keeping the nightly run well."""

import os
from typing import TYPE_CHECKING

import typer

from flows.commands.options import Config, Home, Json, config_given, config_parameter, print_json, read_settings

if TYPE_CHECKING:
    from flows.doctor import Finding

SIGNS = {"ok": "ok      ", "warning": "warning ", "wrong": "WRONG   "}


def doctor(ctx: typer.Context, home: Home = None, config: Config = None, json: Json = False) -> int:
    """Check configuration, credentials, model, files, disk, time and Prefect, each with what to do."""
    from flows.doctor import examine  # noqa: PLC0415 - every room

    settings = read_settings(ctx, home, config)
    findings = []
    for finding in examine(settings, config_given(ctx, config)):
        findings.append(finding)
        if not json:
            typer.echo(_line(finding))
    if json:
        print_json([{name: getattr(finding, name) for name in finding.__slots__} for finding in findings])
    return int(any(finding.verdict == "wrong" for finding in findings))


def _line(finding: "Finding") -> str:
    line = f"{SIGNS[finding.verdict]}{finding.what}: {finding.finding}"
    return f"{line}\n          -> {finding.remedy}" if finding.remedy else line


def serve(ctx: typer.Context, home: Home = None, config: Config = None) -> int:
    """Keep a Prefect server on 127.0.0.1; start the nightly run at 03:30 (Europe/Amsterdam) and a sweep every hour."""
    from flows import prefect_api  # noqa: PLC0415 - not needed for --help

    settings = read_settings(ctx, home, config)
    address = prefect_api.prepare(
        settings.home, settings.prefect.api_url, settings.prefect.start_seconds, in_terminal=False
    )
    with prefect_api.own_server(address, settings.prefect.start_seconds) as served:
        os.environ["PREFECT_API_URL"] = served
        times = "nightly at 03:30 Europe/Amsterdam, a sweep every hour"
        typer.echo(f"Prefect server: {served.removesuffix('/api')}; {times}. Stop: Ctrl-C.")
        from flows.serving import keep_serving  # noqa: PLC0415 - Prefect reads its settings at import

        keep_serving(settings, config_parameter(ctx, config), has_own_server=address is None)
    return 0
