"""B52: no export runs anything in a spreadsheet."""

import csv
import http.client
import io
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.embedded import ROOT
from tests.servers import free_port, wait_for_port
from theme import spreadsheet


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\x00=1",
        "  =1",
        "＝1+1",
        "=cmd|' /C'",
    ],
)
def test_b52_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert spreadsheet.cell(text) == "'" + text.replace("\x00", "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (-1, "-1"),
        (-2.5, "-2.5"),
        (True, "True"),
        ("a=b", "a=b"),
        ("", ""),
        (datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2020-01-02T03:04:05+00:00"),
    ],
)
def test_other_values_stay_what_they_are(value, shown):
    assert spreadsheet.cell(value) == shown


def test_download_is_an_attachment_and_comes_back_as_it_was():
    rows = [["Köln", 'says "hi", twice\nthen goes', -1], ["a", "b", None]]
    answer = spreadsheet.download("Ergebnis – 1.csv", ["name", "text", "score"], rows)
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline=""))) == [
        ["name", "text", "score"],
        ["Köln", 'says "hi", twice\nthen goes', "-1"],
        ["a", "b", ""],
    ]
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''Ergebnis%20%E2%80%93%201.csv"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def server(tmp_path):
    port = free_port()
    where = ("--bind", f"127.0.0.1:{port}", "--log-file", str(tmp_path / "log"))
    command = (sys.executable, "-m", "gunicorn", "tests.theme.cut_off:application", *where)
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": "platform"})
    wait_for_port(port, 30)
    yield port
    process.terminate()
    process.wait(10)


def test_table_that_breaks_off_cannot_pass_for_a_whole_one(server):
    """L8: it is sent in chunks; without the last one, every browser says that it has failed."""

    def fetch(path: str) -> bytes:
        with closing(http.client.HTTPConnection("127.0.0.1", server, timeout=10)) as browser:
            browser.request("GET", path)
            return browser.getresponse().read()

    assert fetch("/whole").count(b"\r\n") == 1001
    with pytest.raises(http.client.IncompleteRead):
        fetch("/broken")
