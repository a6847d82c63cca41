"""One Prefect server for all flow tests."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest
from flow_house import House, furnish

from flows import processes, server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A publication whose server was started the hard way.

    Two callers at once, the usual port taken by somebody else, and a record left behind by a server whose number
    now belongs to a stranger.
    """
    tools = tmp_path_factory.mktemp("house")
    house = House(tools / "publication", tools / "tools")
    furnish(house.tools, house.folder)
    house.home.mkdir(parents=True)
    stranger = subprocess.Popen(["sleep", "300"])
    house.stranger = stranger.pid
    stale = {"pid": stranger.pid, "born": "some-other-time", "port": server.PORT, "prefect": "3.8.8"}
    (house.home / server.RECORD_NAME).write_text(json.dumps(stale))
    with pytest.MonkeyPatch.context() as patch, socket.socket() as squatter:
        for name in [name for name in os.environ if name not in house.environment()]:
            patch.delenv(name)
        for name, value in house.environment().items():
            patch.setenv(name, value)
        squatter.bind(("127.0.0.1", 0))
        house.taken = squatter.getsockname()[1]
        patch.setattr(server, "PORT", house.taken)
        callers = [
            threading.Thread(target=lambda: house.handles.append(server.ensure_server(house.home, house.said.append)))
            for _ in range(2)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
    try:
        assert len(house.handles) == 2, "the server did not start"
        yield house
    finally:
        server.stop(house.home, print)
        stranger.send_signal(signal.SIGTERM)
        stranger.wait()
        assert house.server_processes() == []
        assert all(processes.birth(handle.pid or 0) is None for handle in house.handles)
