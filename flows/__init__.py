"""When, and in what order: settings, Prefect flows, deployments and the `etalage` command."""
