"""F30: the web process is killed in the middle of a chunk; a new one goes on from the last one."""

import hashlib
import http.client
import os
import signal
import subprocess
import sys
from contextlib import closing

import pytest
from django.test import Client

from anomaly.datasets import uploading
from tests.anomaly.conftest import small_table
from tests.anomaly.jobs.conftest import database_url, eventually
from tests.servers import free_port, wait_for_port

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

TABLE = small_table().encode()
HALF = len(TABLE) // 2
TOKEN = "x" * 32


@pytest.fixture
def web(settings, tmp_path):
    """`web()` starts a real web process on the test's own database and files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    started = []
    own = {"DATABASE_URL": database_url(), "PODIUM_VAR": str(tmp_path)}

    def start() -> subprocess.Popen:
        port = free_port()  # the old one answers for a moment after its process is dead
        command = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
        process = subprocess.Popen(
            [sys.executable, *command], env=os.environ | own, start_new_session=True
        )
        process.port = port
        started.append(process)
        wait_for_port(port, 120)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def headers(author, offset: int, length: int) -> dict[str, str]:
    browser = Client()
    browser.force_login(author)
    session = browser.cookies["podium"].value
    return {
        "Cookie": f"podium={session}; csrf={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
        "Content-Length": str(length),
    }


def send(port: int, path: str, told: dict[str, str], data: bytes) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.putrequest("PATCH", path)
    for name, value in told.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(data)
    return connection


def status(connection: http.client.HTTPConnection) -> int:
    with closing(connection), connection.getresponse() as answer:
        return answer.status


def test_f30_killed_web_process_costs_the_chunk_under_way_and_no_more(author, draft, web):
    upload = uploading.begin(author, draft, name="sensors.csv", size=len(TABLE))
    path = f"/events/summer/data/uploads/{upload.pk}/"
    first = web()
    whole = send(first.port, path, headers(author, 0, HALF), TABLE[:HALF])
    assert status(whole) == 204
    rest = headers(author, HALF, len(TABLE) - HALF)
    cut = send(first.port, path, rest, TABLE[HALF:-20])  # twenty bytes are still to come
    eventually(lambda: upload.path.exists(), within=10)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait(10)
    cut.close()
    upload.refresh_from_db()
    assert upload.offset == HALF
    second = web()
    again = send(second.port, path, headers(author, HALF, len(TABLE) - HALF), TABLE[HALF:])
    assert status(again) == 204
    upload.refresh_from_db()
    dataset = uploading.finish(author, upload)
    assert dataset.sha256 == hashlib.sha256(TABLE).hexdigest()
    assert dataset.path.read_bytes() == TABLE
