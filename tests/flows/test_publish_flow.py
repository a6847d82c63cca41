"""The publish flow as an editor meets it: through the command, against a real server."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from flow_house import House, wait_for

from flows import api, processes

pytestmark = pytest.mark.flow

ROOT = Path(__file__).parents[2]
STEPS = {"read", "report", "stage"} | {
    f"{step}-{name}" for step in ("render", "check", "compare") for name in ("one", "two", "three")
}


def task_states(house: House, run: str) -> dict[str, str]:
    """State by task of one flow run; empty while the server knows a task but not yet its state."""
    tasks = api.post(house.url, "/task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
    return {task["name"]: (task["state"] or {}).get("type", "") for task in tasks}


# ---------------------------------------------------------------- the server


def test_two_callers_at_once_get_one_server(house: House) -> None:
    """The lock lets one of them start it; the other finds it."""
    assert len({handle.url for handle in house.handles}) == 1
    assert sorted(handle.started for handle in house.handles) == [False, True]
    assert house.server_processes() == [house.handles[0].pid]


def test_a_taken_port_and_a_stale_record_are_no_obstacle(house: House) -> None:
    """The stranger who has the recorded number now is left alone."""
    assert processes.birth(house.stranger) is not None
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/api", house.url)
    assert str(house.taken) not in house.url
    assert "(first start takes about 15 s)" in house.said[0] + house.said[1]


def test_the_ui_calls_the_port_of_its_own_server(house: House) -> None:
    """One port setting alone would make it call port 4200."""
    assert api.get(house.handles[0].ui, "/ui-settings")["api_url"] == house.url


def test_the_home_is_private(house: House) -> None:
    """Prefect keeps secrets in it; other users of the machine shall not read them."""
    assert house.home.stat().st_mode & 0o777 == 0o700


# ---------------------------------------------------------------- publishing


def test_a_good_issue_is_staged_once(house: House, tmp_path: Path) -> None:
    """The second time the same digest is already there. A hostile shell and folder change nothing."""
    (house.folder / ".env").write_text("PREFECT_API_URL=http://127.0.0.1:9/api\nPREFECT_RUNNER_POLL_FREQUENCY=often\n")
    (house.folder / "prefect.toml").write_text("[runner]\npoll_frequency = 'never'\n[broken\n")
    hostile = {"PREFECT_LOGGING_LEVEL": "LOUD", "PREFECT_PROFILE": "nobody", "HTTP_PROXY": "http://127.0.0.1:9"}
    try:
        first = house.kanfa("publish", house.issue("good"), "--outbox", str(tmp_path), "--json", **hostile)
    finally:
        (house.folder / ".env").unlink()
        (house.folder / "prefect.toml").unlink()
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert set(told) == {"issue", "digest", "release", "new", "ok", "findings", "sizes", "timings"}
    assert re.fullmatch("[0-9a-f]{16}", told["digest"])
    assert told["new"]
    assert told["ok"]
    assert (Path(told["release"]) / "manifest.json").is_file()
    assert set(told["timings"]) >= STEPS | {"server", "import of Prefect", "Prefect's bookkeeping", "total"}
    assert set(re.findall(r"^(\S+) +[0-9.]+ s$", first.stderr, re.MULTILINE)) >= STEPS

    second = house.kanfa("publish", house.issue("good"), "--outbox", str(tmp_path))
    assert second.returncode == 0, second.stderr
    assert f"already staged: {told['release']}" in second.stdout
    (run, _) = house.runs("publish-good")
    assert run["state"]["type"] == "COMPLETED"
    keys = {artifact["key"] for artifact in api.post(house.url, "/artifacts/filter", {})}
    assert keys == {"findings", "sizes", "release"}


def test_a_bad_issue_is_refused_with_its_findings(house: House, tmp_path: Path) -> None:
    """Nothing is staged, and no traceback reaches the terminal."""
    done = house.kanfa("publish", house.issue("bad"), "--outbox", str(tmp_path / "outbox"), "--json")
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert (told["ok"], told["digest"], told["release"], told["new"]) == (False, None, None, False)
    bad = [finding for finding in told["findings"] if finding["rule"] == "TOY001"]
    assert [(finding["format"], finding["line"]) for finding in bad] == [("one", 8), ("three", 8), ("two", 8)]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "outbox").exists()
    assert house.runs("publish-bad")[0]["state"]["type"] == "FAILED"


def test_a_format_that_breaks_stops_no_other(house: House, tmp_path: Path) -> None:
    """Its failure is a finding, the others are checked to the end."""
    done = house.kanfa("publish", house.issue("broken"), "--outbox", str(tmp_path))
    assert done.returncode == 1, done.stderr
    assert "PAR090 [two]" in done.stdout
    assert "the toy broke" in done.stdout
    assert "refused: nothing was staged" in done.stdout
    run = house.runs("publish-broken")[0]["id"]
    states = wait_for(lambda: len(found := task_states(house, run)) == 9 and all(found.values()) and found)
    assert states.pop("render-two") == "FAILED"
    assert set(states) == STEPS - {"render-two", "check-two", "compare-two", "stage"}
    assert set(states.values()) == {"COMPLETED"}


# ---------------------------------------------------------------- stopping


def _slow_run(house: House, tmp_path: Path) -> tuple[subprocess.Popen[str], str]:
    """A publish in the middle of rendering, and its flow run."""
    before = {run["id"] for run in house.runs("publish-slow")}

    def running() -> str | None:
        new = [run for run in house.runs("publish-slow") if run["id"] not in before]
        return new[0]["id"] if new and len(task_states(house, new[0]["id"])) >= 4 else None

    process = house.start("publish", house.issue("slow"), "--outbox", str(tmp_path / "outbox"))
    return process, wait_for(running)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_and_leaves_the_server(house: House, tmp_path: Path, number: signal.Signals) -> None:
    """The run reaches a final state, nothing holds the terminal, and the server goes on alone."""
    process, run = _slow_run(house, tmp_path)
    with process:
        process.send_signal(number)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 128 + number
    assert "Traceback" not in err
    assert "recorded as Cancelled" in err
    assert [found["state"]["type"] for found in house.runs("publish-slow") if found["id"] == run] == ["CANCELLED"]
    finals = {"COMPLETED", "CRASHED", "CANCELLED"}
    wait_for(lambda: set(task_states(house, run).values()) <= finals, 10)
    assert house.server_processes() == [house.handles[0].pid]
    assert not (tmp_path / "outbox").exists()


def test_a_killed_run_is_closed_by_the_next_command(house: House, tmp_path: Path) -> None:
    """SIGKILL leaves it Running; its process is gone, so it crashed."""
    process, run = _slow_run(house, tmp_path)
    with process:
        process.kill()
    assert [found["state"]["type"] for found in house.runs("publish-slow") if found["id"] == run] == ["RUNNING"]
    done = house.kanfa("server", "status", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["closed_runs"] == ["publish-slow"]
    assert [found["state"]["type"] for found in house.runs("publish-slow") if found["id"] == run] == ["CRASHED"]
    assert not {"RUNNING", "PENDING"} & set(task_states(house, run).values())


def test_a_dead_server_that_the_shell_names_is_one_line(house: House) -> None:
    """Prefect would take three seconds and print a page."""
    done = house.kanfa("publish", house.issue("good"), PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 2
    assert done.stdout == ""
    message, cure = done.stderr.splitlines()
    assert message.startswith("kanfa: no Prefect server answers at PREFECT_API_URL=http://127.0.0.1:9/api")
    assert cure.strip().startswith("cure: ")


# ---------------------------------------------------------------- delivering


def test_only_an_approved_release_is_delivered(house: House, tmp_path: Path) -> None:
    """A refusal is a message and exit status 1; in Prefect it shows as Cancelled, not as a failure."""
    place = ("--outbox", str(tmp_path))
    published = house.kanfa("publish", house.issue("good"), *place, "--json")
    digest = json.loads(published.stdout)["digest"]
    refused = house.kanfa("deliver", digest, "--to", "archive", *place)
    assert refused.returncode == 1
    assert "nobody has approved" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert house.runs(f"deliver-{digest}")[0]["state"]["type"] == "CANCELLED"
    assert house.kanfa("approve", digest, "--by", "Lin", *place).returncode == 0
    rehearsed = house.kanfa("deliver", digest, "--to", "archive", "--dry-run", *place)
    assert (rehearsed.returncode, len(house.runs(f"deliver-{digest}"))) == (0, 1), rehearsed.stderr
    delivered = house.kanfa("deliver", digest, "--to", "archive", "--json", *place)
    assert delivered.returncode == 0, delivered.stderr
    assert [one["state"] for one in json.loads(delivered.stdout)] == ["delivered"]
    assert house.runs(f"deliver-{digest}")[0]["state"]["type"] == "COMPLETED"


# ---------------------------------------------------------------- deployments, privacy


def test_the_weekly_deployment_is_scheduled(house: House) -> None:
    """With a wrong SQLAlchemy everything else works and the schedule never fires: nobody is told."""
    api.post(house.url, "/work_pools/", {"name": "kanfa", "type": "process"})
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
        cwd=ROOT,
        env=house.environment(
            PREFECT_API_URL=house.url, PREFECT_HOME=str(house.tools / "client"), DO_NOT_TRACK="1", PWD=str(ROOT)
        ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    deployments = {one["name"]: one for one in api.post(house.url, "/deployments/filter", {})}
    assert set(deployments) == {"on-demand", "weekly"}
    form = deployments["on-demand"]["parameter_openapi_schema"]["properties"]
    assert [form[name]["title"] for name in ("issue", "outbox", "waivers")] == [
        "Issue 期号",
        "Outbox",
        "Allowed findings",
    ]
    weekly = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    planned = wait_for(lambda: api.post(house.url, "/flow_runs/filter", weekly), 30)
    assert {run["deployment_id"] for run in planned} == {deployments["weekly"]["id"]}
    assert all(run["expected_start_time"].endswith("T01:00:00Z") for run in planned)


def test_nothing_looks_beyond_the_loopback(house: House) -> None:
    """Neither the server nor any command above: Prefect would call home at two addresses."""
    lines = house.look_ups.read_text().splitlines()
    listened = [line for line in lines if line.startswith("start ")]
    assert any("server_process.py" in line for line in listened)
    assert any("launch.py publish" in line for line in listened)
    places = {line.partition(" ")[2] for line in lines if not line.startswith("start ")}
    assert "127.0.0.1" in places
    inside = {"127.0.0.1", "::1", "localhost", "None", "0.0.0.0", "::", os.uname().nodename}
    assert {place for place in places if not place.startswith("/")} <= inside


def test_the_engine_does_without_prefect() -> None:
    """Importing it costs a second; commands that need no flow must not pay."""
    code = "import sys, kanfa.pipeline, kanfa.cli.check; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_server_can_be_stopped_with_the_command(house: House, tmp_path: Path) -> None:
    """As in CI, where nothing may outlive the job. What the run did is recorded first."""
    done = house.kanfa("publish", house.issue("good"), "--outbox", str(tmp_path), "--stop-server")
    assert done.returncode == 0, done.stderr
    assert house.server_processes() == []
    stopped = house.kanfa("server", "status")
    assert stopped.returncode == 1
    assert "no local Prefect server runs" in stopped.stdout
    with sqlite3.connect(house.home / "prefect.db") as database:
        last = database.execute("select state_type from task_run order by created desc limit 12").fetchall()
    database.close()
    assert last == [("COMPLETED",)] * 12
