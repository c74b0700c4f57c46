"""NumPy arrays, Parquet files, workbooks, and what is sent in their place."""

import pickle

import numpy as np
import pyarrow as pa

from tests.anomaly.datasets import containers as c
from tests.anomaly.datasets.containers import GOOD, Make

CASES: dict[str, tuple[str, Make]] = {
    "B01 empty parquet": ("t.parquet", lambda: b""),
    "B01 empty npz": ("t.npz", lambda: b""),
    "B04 csv renamed parquet": ("t.parquet", lambda: GOOD),
    "B04 csv renamed xlsx": ("t.xlsx", lambda: GOOD),
    "B04 program renamed npz": ("t.npz", lambda: b"\x7fELF\0\0"),
    "B07 overlapping members": ("t.npz", c.overlapping_npz),
    "B09 path upwards in npz": ("t.npz", lambda: c.zipped(("../../x.npy", c.npy(np.arange(30.0))))),
    "B11 array of 2^40": ("t.npz", lambda: c.zipped(("a.npy", c.npy_claiming("(1099511627776,)")))),
    "array of 10^12": ("t.npy", lambda: c.npy_claiming("(1000000, 1000000)")),
    "B12 header of 2 GiB": ("t.npy", lambda: c.npy_claiming("(3,)", version=2)),
    "B13 pickled object": ("t.npz", c.pickled_npz),
    "B13 pickle renamed npy": ("t.npy", lambda: pickle.dumps(c.Evil(), protocol=4)),
    "B14 no array": ("t.npz", lambda: c.zipped()),
    "B14 text among arrays": (
        "t.npz",
        lambda: c.zipped(("a.npy", c.npy(np.arange(3.0))), ("readme.txt", b"x")),
    ),
    "B14 array twice": (
        "t.npz",
        lambda: c.zipped(("a.npy", c.npy(np.arange(3.0))), ("a.npy", c.npy(np.arange(4.0)))),
    ),
    "B14 arrays of different lengths": ("t.npz", lambda: c.npz(a=np.zeros(3), b=np.zeros(4))),
    "B15 single number": ("t.npy", lambda: c.npy(np.array(1.0))),
    "B15 three dimensions": ("t.npy", lambda: c.npy(np.zeros((2, 3, 4)))),
    "B15 complex numbers": ("t.npy", lambda: c.npy(np.zeros((30, 2), complex))),
    "B15 records": ("t.npy", lambda: c.npy(np.zeros(30, [("a", "f8"), ("b", "i4")]))),
    "B16 truncated array": ("t.npy", lambda: c.npy(np.zeros((100, 3)))[:-50]),
    "B16 negative shape": ("t.npy", lambda: c.npy_claiming("(-3, 2)")),
    "B16 no rows": ("t.npy", lambda: c.npy(np.zeros((0, 3)))),
    "truncated npz": ("t.npz", lambda: c.npz(a=np.zeros(1000))[:-40]),
    "B17 many cells": ("t.parquet", c.parquet_bomb),
    "B17 forged count": ("t.parquet", c.forged_parquet),
    "B18 broken footer": ("t.parquet", lambda: c.parquet(pa.table({"a": [1, 2]}))[:-20]),
    "B18 damaged pages": ("t.parquet", c.damaged_parquet),
    "B18 columns twice": (
        "t.parquet",
        lambda: c.parquet(pa.table([pa.array([1, 2])] * 2, names=["a", "a"])),
    ),
    "B18 lists": ("t.parquet", lambda: c.parquet(pa.table({"a": [[1], [2]]}))),
    "B18 structs": ("t.parquet", lambda: c.parquet(pa.table({"a": [{"x": 1}]}))),
    "B18 maps": (
        "t.parquet",
        lambda: c.parquet(
            pa.table({"a": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))})
        ),
    ),
    "B18 bytes": ("t.parquet", lambda: c.parquet(pa.table({"a": [b"\xff\x00"]}))),
    "B18 no rows": ("t.parquet", lambda: c.parquet(pa.table({"a": pa.array([], pa.int64())}))),
    "B19 Arrow IPC": ("t.parquet", lambda: b"ARROW1\0\0" + b"\xff" * 40),
    "B20 HDF5": ("t.parquet", lambda: b"\x89HDF\r\n\x1a\n" + b"\0" * 40),
    "B20 HDF5 by name": ("t.h5", lambda: b"\x89HDF\r\n\x1a\n" + b"\0" * 40),
    "B21 entities": ("t.xlsx", c.entities),
    "B21 bomb": ("t.xlsx", lambda: c.xlsx("", **{"xl/sharedStrings.xml": b" " * (64 << 20)})),
    "B21 macros": ("t.xlsx", lambda: c.xlsx("", **{"xl/vbaProject.bin": b"x"})),
    "B21 old workbook": ("t.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "B21 empty workbook": ("t.xlsx", lambda: c.xlsx("")),
    "truncated workbook": ("t.xlsx", lambda: c.workbook()[:-100]),
    "text document": (
        "t.xlsx",
        lambda: c.zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")),
    ),
    "OpenDocument": ("t.xlsx", lambda: c.zipped(("mimetype", b"x"), ("content.xml", b"<x/>"))),
    "B24 matlab": ("t.mat", lambda: b"MATLAB 5.0 MAT-file"),
    "B24 torch file": ("t.npz", lambda: c.zipped(("archive/data.pkl", b"x"))),
    "B24 joblib": ("t.joblib", lambda: b"x"),
}
