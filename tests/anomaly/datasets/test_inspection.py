import json
import os
import signal
import subprocess
import sys

import pytest

from anomaly.datasets import inspection, sandbox
from anomaly.datasets.inspection import inspect
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
    assert json.loads(asked.stdout)["code"] in ("table.crashed", "table.too_large")


def test_table_that_takes_too_long_is_told(table, monkeypatch):
    monkeypatch.setattr(inspection, "SECONDS", 0.01)
    understood = inspect(table(small_table()), "t.csv")
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
