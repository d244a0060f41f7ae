"""`etalage serve` on a server that serves another home: it refuses, for its schedules have the same names."""

import time

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import DeploymentStatus
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import serving
from flows.nightly import nightly
from flows.prefect_api import ApiError
from flows.settings import Settings

WAIT_SECONDS = 60


def enter(*deployments, **_given):
    """Enter deployments as `prefect.serve` does, and leave it at that."""
    for one in deployments:
        one.apply()


def settings(home):
    """Settings for a home, whatever the environment says."""
    return Settings(home=home, _env_file=None)


def forget(client):
    """Delete every deployment of the session's server: the file that needs them enters its own."""
    for one in client.read_deployments():
        client.delete_deployment(one.id)


@pytest.fixture
def client(prefect_server, monkeypatch):
    """A client of the session's server, which has no deployments before and after."""
    monkeypatch.setattr(serving, "serve", enter)
    with temporary_settings({PREFECT_API_URL: prefect_server}), get_client(sync_client=True) as made:
        forget(made)
        yield made
        forget(made)


def served(client, home, *, is_polled=True):
    """Serve a home, as a process does that asks for its runs, or did long ago; return its night."""
    serving.keep_serving(settings(home), None)
    night = client.read_deployment_by_name("nightly/nightly")
    if is_polled:
        client.get_scheduled_flow_runs_for_deployments([night.id])
    until = time.monotonic() + WAIT_SECONDS
    while is_polled and client.read_deployment_by_name("nightly/nightly").status != DeploymentStatus.READY:
        assert time.monotonic() < until, "asking for its runs did not make it ready"
        time.sleep(0.2)
    return night


def test_a_server_that_serves_another_home_is_left_alone(client, tmp_path):
    """The other home would never be collected again, in silence; the words say which it is and what to do."""
    before = served(client, tmp_path / "one")
    with pytest.raises(ApiError) as told:
        serving.keep_serving(settings(tmp_path / "two"), None)

    assert client.read_deployment_by_name("nightly/nightly").parameters == before.parameters
    assert before.parameters["home"] == str(tmp_path / "one")
    expected = (str(tmp_path / "one"), "prefect.api_url", "timers")
    assert [words for words in expected if words not in str(told.value)] == []


def test_the_same_home_is_served_again(client, tmp_path):
    """A restart comes before the server has missed the process that ended; another way to write a home is no other."""
    (tmp_path / "one").mkdir()
    (tmp_path / "link").symlink_to("one")
    served(client, tmp_path / "one")
    serving.keep_serving(settings(tmp_path / "one"), None)
    serving.keep_serving(settings(tmp_path / "link"), None)

    assert client.read_deployment_by_name("nightly/nightly").parameters["home"] == str(tmp_path / "link")


@pytest.mark.parametrize("how", ["nobody asks for its runs", "the server is our own"])
def test_a_home_that_nobody_serves_any_more_stands_in_no_ones_way(client, tmp_path, how):
    """Nor does one on a server that `etalage serve` has just started: a home that was moved takes its records along."""
    is_own = how == "the server is our own"
    served(client, tmp_path / "one", is_polled=is_own)
    serving.keep_serving(settings(tmp_path / "two"), None, has_own_server=is_own)

    assert client.read_deployment_by_name("nightly/nightly").parameters["home"] == str(tmp_path / "two")


def test_a_limit_from_before_is_taken_away(client, tmp_path):
    """A server that was killed during a run never gives its slot back: with a limit, every later night is cancelled."""
    nightly.to_deployment(name="nightly", concurrency_limit=1).apply()
    before = client.read_deployment_by_name("nightly/nightly").global_concurrency_limit

    assert before.limit == 1
    assert served(client, tmp_path, is_polled=False).global_concurrency_limit is None
