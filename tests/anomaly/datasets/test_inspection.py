import errno
import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from anomaly.datasets import inspection, sandbox
from anomaly.datasets.inspection import inspect
from anomaly.detector.reading.progress import STEPS
from tests.anomaly.conftest import small_table


@pytest.fixture
def table(tmp_path):
    def write(content: bytes | str):
        path = tmp_path / "stored"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_profile_of_a_good_table(table):
    understood = inspect(table(small_table(label=True)), "t.csv")
    profile = understood["profile"]
    assert profile["rows"] == 60
    assert [(c["name"], c["kind"]) for c in profile["columns"]] == [
        ("x", "numeric"),
        ("y", "numeric"),
        ("odd", "binary"),
    ]


def test_cells_are_cut_and_cleaned_for_every_database(table):
    lines = ["name,x", *(f"{'w' * 5000}{i},{i}" for i in range(30))]
    understood = inspect(table("\n".join(lines) + "\n"), "t.csv")
    sample = understood["profile"]["sample"]
    assert max(len(cell) for row in sample for cell in row) == inspection.LONGEST_CELL


def test_table_that_kills_its_reader_is_told_and_hurts_nobody(table):
    """With so little memory (inherited, so not to be lifted) the child dies on the way."""
    program = (
        "import json, resource, sys; from pathlib import Path;"
        "from anomaly.datasets.inspection import inspect;"
        "resource.setrlimit(resource.RLIMIT_AS, (300 * 2**20,) * 2);"
        "print(json.dumps(inspect(Path(sys.argv[1]), 't.csv')))"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program, str(table(small_table()))], capture_output=True, check=True
    )
    assert json.loads(asked.stdout)["code"] in (
        "table.crashed",
        "table.too_large",
        "table.too_slow",
    )


def test_table_that_takes_too_long_is_told(table):
    understood = inspect(table(small_table()), "t.csv", patience=0.01)
    assert understood["code"] == "table.too_slow"


def test_child_has_no_credentials(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "PODIUM_SECRET_KEY"):
        monkeypatch.setenv(name, "secret")
    with (tmp_path / "out").open("wb") as out:
        child = sandbox.start("tests.anomaly.datasets.environment", stdout=out, stderr=out)
        assert child.wait(20) == 0
    names = (tmp_path / "out").read_text().split()
    assert "PODIUM_PARENT" in names
    assert not {"DATABASE_URL", "REDIS_URL", "PODIUM_SECRET_KEY"} & set(names)


def test_child_that_uses_up_its_processor_time_ends_by_the_signal_that_says_so():
    """SIGXCPU is told as "too slow"; SIGKILL would be told as a crash."""
    code = "from anomaly.datasets import sandbox as s; s.confine(memory=None, seconds=0, written=9)"
    environment = {**os.environ, "PODIUM_PARENT": str(os.getpid())}
    child = subprocess.Popen([sys.executable, "-c", f"{code}\nwhile True: pass"], env=environment)
    assert child.wait(60) == -signal.SIGXCPU


CONFINED = """
import json, os, socket, sys, tempfile
from pathlib import Path
from anomaly.datasets import landlock, sandbox
sandbox.confine(memory=None, seconds=9, written=1000)
sandbox.see_only(read=[Path(sys.argv[1])], write=[Path(sys.argv[3])])
def may(do):
    try:
        do()
    except OSError as error:
        return error.errno
    return "yes"
print(json.dumps({
    "landlock": landlock.version() > 0,
    "own": may(lambda: open(sys.argv[1]).read()),
    "other": may(lambda: open(sys.argv[2]).read()),
    "list": may(lambda: os.listdir(Path(sys.argv[2]).parent)),
    "change": may(lambda: open(sys.argv[1], "a").write("x")),
    "scratch": may(lambda: Path(sys.argv[3], "t").write_text("x")),
    "flood": may(lambda: Path(sys.argv[3], "f").write_bytes(b"x" * 2000)),
    "loopback": may(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[4])), 2)),
}))
"""


def confined(tmp_path, code: str) -> dict:
    """What a child may do that has tied its own hands; a server listens, to be reached or not."""
    own, other, scratch = tmp_path / "own", tmp_path / "others" / "secret", tmp_path / "scratch"
    other.parent.mkdir()
    scratch.mkdir()
    own.write_text("mine")
    other.write_text("theirs")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        environment = {**os.environ, "PODIUM_PARENT": str(os.getpid())}
        said = subprocess.run(
            [sys.executable, "-c", code, str(own), str(other), str(scratch), port],
            capture_output=True,
            check=True,
            env=environment,
            preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
        )
    return json.loads(said.stdout)


def test_child_sees_its_own_file_and_nothing_else(tmp_path):
    may = confined(tmp_path, CONFINED)
    assert may["own"] == may["scratch"] == "yes"
    assert may["flood"] == errno.EFBIG
    if not may["landlock"]:
        pytest.skip("this kernel has no Landlock; docs/data.md says what protects then")
    assert {may[what] for what in ("other", "list", "change")} == {errno.EACCES}
    assert may["loopback"] in (errno.ENETUNREACH, errno.EACCES)


def test_child_that_does_not_tie_its_hands_could_do_all_that(tmp_path):
    """The negative control."""
    free = "\n".join(line for line in CONFINED.split("\n") if not line.startswith("sandbox."))
    may = confined(tmp_path, free)
    assert {may[what] for what in ("other", "list", "change", "loopback", "flood")} == {"yes"}


def test_child_says_how_far_it_is_while_it_reads(table, monkeypatch):
    monkeypatch.setattr(inspection, "NEWS", 0.01)
    heard = []
    found = inspect(table(small_table()), "t.csv", news=lambda *told: heard.append(told[0]))
    assert found["profile"]["rows"] == 60
    assert heard
    assert set(heard) <= set(STEPS)
