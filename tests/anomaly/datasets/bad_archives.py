"""Names, archives and files of other kinds."""

import gzip

import pyarrow as pa
import zstandard

from tests.anomaly.datasets import containers as c
from tests.anomaly.datasets.containers import GOOD, Make

CASES: dict[str, tuple[str, Make]] = {
    "B03 two endings": ("t.csv.exe", lambda: GOOD),
    "B03 script": ("t.php", lambda: GOOD),
    "B03 svg": ("t.svg", lambda: GOOD),
    "B03 html": ("t.html", lambda: GOOD),
    "B03 no ending": ("data", lambda: GOOD),
    "B03 only an ending": (".htaccess", lambda: GOOD),
    "B04 picture renamed": ("t.csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
    "B04 photograph renamed": ("t.csv", lambda: b"\xff\xd8\xff\xe0JFIF"),
    "B04 csv renamed gz": ("t.csv.gz", lambda: GOOD),
    "B04 parquet renamed csv": ("t.csv", lambda: c.parquet(pa.table({"a": [1]}))),
    "B04 gzip renamed csv": ("t.csv", lambda: gzip.compress(GOOD)),
    "B04 zip renamed csv": ("t.csv", lambda: c.zipped(("t.csv", GOOD))),
    "B04 workbook renamed csv": ("t.csv", lambda: c.workbook()),
    "B04 zip renamed gz": ("t.csv.gz", lambda: c.zipped(("t.csv", GOOD))),
    "B04 JSON renamed csv": ("t.csv", lambda: b'{"a": 1, "b": 2}\n'),
    "B05 zip with a page before it": (
        "t.csv.zip",
        lambda: b"<html><script>alert(1)</script>" + c.zipped(("t.csv", GOOD)),
    ),
    "web page": ("t.csv", lambda: b"<!DOCTYPE html>\n<html><h1>404</h1>"),
    "B06 gzip bomb": ("t.csv.gz", lambda: gzip.compress(c.bomb())),
    "B06 zstd bomb": ("t.csv.zst", c.zstd_bomb),
    "B06 gzip in gzip": ("t.csv.gz", lambda: gzip.compress(gzip.compress(GOOD))),
    "B06 gzip in gzip by name": ("t.csv.gz.gz", lambda: gzip.compress(gzip.compress(GOOD))),
    "B06 trailing garbage": ("t.csv.gz", lambda: gzip.compress(GOOD) + b"garbage"),
    "truncated gzip": ("t.csv.gz", lambda: gzip.compress(GOOD)[:-9]),
    "damaged gzip": ("t.csv.gz", lambda: gzip.compress(GOOD)[:20] + b"\xff" * 30),
    "truncated zstd": ("t.csv.zst", lambda: zstandard.ZstdCompressor().compress(GOOD * 3)[:-9]),
    "B07 zip bomb": ("t.csv.zip", lambda: c.zipped(("t.csv", c.bomb()))),
    "B07 zip in zip": ("t.csv.zip", lambda: c.zipped(("t.csv", c.zipped(("t.csv", GOOD))))),
    "B08 many members": ("t.csv.zip", lambda: c.many_members(20_000)),
    "B08 two members": ("t.csv.zip", lambda: c.zipped(("a.csv", GOOD), ("b.csv", GOOD))),
    "B08 no member": ("t.csv.zip", lambda: c.zipped()),
    "B09 path upwards": ("t.csv.zip", lambda: c.zipped(("../../etc/t.csv", GOOD))),
    "B09 absolute path": ("t.csv.zip", lambda: c.zipped(("/etc/t.csv", GOOD))),
    "B09 path on a drive": ("t.csv.zip", lambda: c.zipped((r"C:\t.csv", GOOD))),
    "B09 link": (
        "t.csv.zip",
        lambda: c.zip_with("t.csv", create_system=3, external_attr=0o120777 << 16),
    ),
    "B10 encrypted zip": ("t.csv.zip", c.encrypted_zip),
    "B10 unknown method": ("t.csv.zip", c.strange_method_zip),
    "zip with a program": ("t.zip", lambda: c.zipped(("t.exe", GOOD))),
    "truncated zip": ("t.csv.zip", lambda: c.zipped(("t.csv", GOOD))[:-30]),
    "B24 matlab renamed": ("t.csv", lambda: b"MATLAB 5.0 MAT-file"),
    "B24 sqlite renamed": ("t.csv", lambda: b"SQLite format 3\0"),
    "B24 7z renamed": ("t.csv", lambda: b"7z\xbc\xaf\x27\x1c"),
    "B24 tar renamed": ("t.csv", lambda: b"t.csv".ljust(257, b"\0") + b"ustar\0" + b"0" * 100),
    "PDF renamed": ("t.csv", lambda: b"%PDF-1.7"),
    "bzip2": ("t.csv.bz2", lambda: b"BZh91AY"),
}
