"""The dashboard (optional extra `dashboard`): the published file in a browser on this machine, and a labelling page."""
