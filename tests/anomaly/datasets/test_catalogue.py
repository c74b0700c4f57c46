"""B01 to B38: what nobody should send, and the sentence that answers it.

Each case goes through a real child process with all its limits. `sentences.yaml` is what people
read; a case without a sentence, or a sentence without a case, fails.
"""

import gzip
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml

from anomaly.datasets.inspection import inspect
from anomaly.detector.reading import Limits
from tests.anomaly.datasets import bad_archives, bad_arrays, bad_texts
from tests.anomaly.datasets import containers as c

CASES = {**bad_archives.CASES, **bad_arrays.CASES, **bad_texts.CASES}
SENTENCES = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text())
GOOD_FILES = {
    "t.parquet": lambda: c.parquet(pa.table({"a": list(range(500)), "b": ["x", "y"] * 250})),
    "t.xlsx": c.workbook,
    "t.npz": lambda: c.npz(a=np.arange(500.0)),
    "t.csv.gz": lambda: gzip.compress(c.GOOD),
}
LIMITS = {"B17 many cells": Limits(unpacked_bytes=2**27), "B40 many rows": Limits(rows=1000)}


@pytest.mark.parametrize("case", CASES)
def test_what_nobody_should_send_is_answered_in_a_sentence(case, tmp_path):
    name, make = CASES[case]
    stored = tmp_path / "stored"
    stored.write_bytes(make())
    assert inspect(stored, name, limits=LIMITS.get(case)) == SENTENCES[case]
    assert not Path(c.MARKER).exists(), "something that was sent has run"


def test_every_case_has_its_sentence_and_there_are_many():
    assert set(CASES) == set(SENTENCES)
    assert len(CASES) >= 80


def test_no_sentence_tells_a_path_or_a_library():
    told = " ".join(entry["sentence"] for entry in SENTENCES.values())
    assert not [word for word in ("/tmp", "Traceback", "polars", "numpy.", "0x") if word in told]


@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx", "t.npz", "t.csv.gz"])
def test_good_file_with_bytes_changed_is_read_or_refused(name, tmp_path):
    """Never nothing, never a stack trace."""
    chance = random.Random(0)
    data = bytearray(GOOD_FILES[name]())
    for _ in range(20):
        data[chance.randrange(len(data))] = chance.randrange(256)
    stored = tmp_path / name
    stored.write_bytes(bytes(data))
    answer = inspect(stored, name)
    assert ("profile" in answer) != bool(answer.get("sentence"))
