"""B74: five hundred uploads that begin and never go on; other people still get their pages."""

import getpass
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, closing

import pytest

from tests.anomaly.jobs.conftest import database_url
from tests.embedded import ROOT
from tests.servers import free_port, wait_for_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(NGINX is None, reason="there is no nginx on this machine"),
]
HALF = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8388608\r\n"
    b"Cookie: csrf=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin="
)
FRAME = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {ours}
}}
"""


@pytest.fixture
def run():
    """Starts a program that listens on a port; all are stopped in the end."""
    started = []

    def start(port: int, *command: str, **own: str) -> int:
        process = subprocess.Popen(command, env=os.environ | own, start_new_session=True)
        started.append(process)
        wait_for_port(port, 120)
        return port

    yield start
    for process in reversed(started):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.fixture
def web(run, tmp_path) -> int:
    port, own = free_port(), {"DATABASE_URL": database_url(), "PODIUM_VAR": str(tmp_path)}
    options = ("--bind", f"127.0.0.1:{port}", "--threads", "16")
    return run(port, sys.executable, "-m", "gunicorn", "config.wsgi", *options, **own)


@pytest.fixture
def proxy(run, web, tmp_path) -> int:
    """nginx with our lines, on ports of its own."""
    port, conf = free_port(), tmp_path / "nginx.conf"
    conf.write_text(
        FRAME.format(folder=tmp_path, user=as_whoever_runs_this(), ours=ours(port, web))
    )
    return run(port, str(NGINX), "-p", str(tmp_path), "-c", str(conf))


def ours(port: int, web: int) -> str:
    lines = (ROOT / "deploy" / "nginx.conf").read_text()
    for before, after in (("listen 80;", f"listen 127.0.0.1:{port};"), (":8000;", f":{web};")):
        assert before in lines
        lines = lines.replace(before, after)
    return lines


def as_whoever_runs_this() -> str:
    return f"user {getpass.getuser()};" if os.getuid() == 0 else ""


@pytest.fixture
def half_open():
    """Begins five hundred uploads from ten addresses, and lets them be."""
    with ExitStack() as stack:

        def begin(port: int) -> None:
            for number in range(500):
                source = (f"127.0.1.{number % 10 + 1}", 0)
                opened = socket.create_connection(("127.0.0.1", port), 30, source)
                stack.enter_context(opened).sendall(HALF)

        yield begin


def page(port: int, seconds: float = 60) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)) as connection:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return connection.getresponse().status


def test_b74_half_open_uploads_do_not_reach_the_web_process(proxy, half_open):
    assert page(proxy) == 200
    half_open(proxy)
    assert [page(proxy) for _ in range(20)] == [200] * 20


def test_b74_without_the_proxy_half_open_uploads_stop_the_web_process(web, half_open):
    """Negative control."""
    assert page(web) == 200
    half_open(web)
    with pytest.raises(OSError, match="timed out"):
        page(web, seconds=3)
