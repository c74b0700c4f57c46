"""Text: CSV, JSON Lines and ARFF."""

import pickle

from tests.anomaly.datasets.containers import Make

CASES: dict[str, tuple[str, Make]] = {
    "B01 empty csv": ("t.csv", lambda: b""),
    "B01 blank lines": ("t.csv", lambda: b"\n\n  \n"),
    "B01 only a byte-order mark": ("t.csv", lambda: b"\xef\xbb\xbf"),
    "B13 pickle renamed csv": ("t.csv", lambda: pickle.dumps([1, 2], protocol=2)),
    "B22 unclosed brace": ("t.arff", lambda: b"@relation r\n@attribute a {x,y\n@data\nx\n"),
    "B22 undeclared value": (
        "t.arff",
        lambda: b"@relation r\n@attribute a {x,y}\n@attribute b numeric\n@data\nx,1\nz,2\n",
    ),
    "B22 not a number": (
        "t.arff",
        lambda: b"@relation r\n@attribute a {x,y}\n@attribute b numeric\n@data\nx,1\ny,two\n",
    ),
    "B22 sparse row": (
        "t.arff",
        lambda: b"@relation r\n@attribute a numeric\n@attribute b numeric\n@data\n1,2\n{1 3}\n",
    ),
    "B22 long declaration": (
        "t.arff",
        lambda: b"@relation r\n@attribute " + b"a" * (2 << 20) + b" numeric\n@data\n1\n",
    ),
    "B22 no rows": ("t.arff", lambda: b"@relation r\n@attribute a numeric\n@data\n"),
    "B22 no data": ("t.arff", lambda: b"@relation r\n@attribute a numeric\n"),
    "relational attribute": (
        "t.arff",
        lambda: (
            b"@relation r\n@attribute bag relational\n@attribute a numeric\n@end bag\n@data\n1\n"
        ),
    ),
    "B22 ragged": (
        "t.arff",
        lambda: b"@relation r\n@attribute a numeric\n@attribute b numeric\n@data\n1,2\n3\n",
    ),
    "B23 deep": ("t.jsonl", lambda: b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"),
    "B23 NaN": ("t.jsonl", lambda: b'{"a": 1}\n{"a": NaN}\n'),
    "B23 field twice": ("t.jsonl", lambda: b'{"a": 1, "a": 2}\n'),
    "B23 huge number": ("t.jsonl", lambda: b'{"a": 1' + b"0" * 400 + b"}\n"),
    "B23 array": ("t.json", lambda: b'[{"a": 1}, {"a": 2}]\n'),
    "B23 pretty array": ("t.json", lambda: b'[\n {"a": 1},\n {"a": 2}\n]\n'),
    "B23 nested": ("t.jsonl", lambda: b'{"a": {"x": 1}}\n{"a": {"x": 2}}\n'),
    "B23 truncated": ("t.jsonl", lambda: b'{"a": 1}\n{"a": \n'),
    "B30 header only": ("t.csv", lambda: b"a,b\n"),
    "B30 header only without end": ("t.csv", lambda: b"a,b"),
    "B31 100,000 columns": (
        "t.csv",
        lambda: (
            ",".join(f"c{i}" for i in range(100_000)) + "\n" + ",".join("1" * 100_000) + "\n"
        ).encode(),
    ),
    "B31 endless line": ("t.csv", lambda: b"a,b\n" + b"x" * (17 << 20)),
    "B31 endless first line": ("t.csv", lambda: b"x" * (17 << 20)),
    "B31 long cell": ("t.csv", lambda: b"a,b\n" + b"x" * 100_001 + b",1\n"),
    "B40 many rows": ("t.csv", lambda: b"a,b\n" + b"1,2\n" * 1001),
    "B32 ragged": ("t.csv", lambda: b"a,b\n1,2\n1,2,3\n"),
    "B32 short row": ("t.csv", lambda: b"a,b,c\n1,2,3\n1,2\n"),
    "B32 ragged far below": ("t.csv", lambda: b"a,b\n" + b"1,2\n" * 70_000 + b"1,2,3\n"),
    "B32 unclosed quote": ("t.csv", lambda: b'a,b\n1,2\n"3,4\n5,6\n'),
    "B33 NUL": ("t.csv", lambda: b"a,b\n1,2\n\x00,3\n"),
    "B33 mixed encodings": (
        "t.csv",
        lambda: "a,b\nKöln,1\n".encode() + "Köln,2\n".encode("cp1252"),
    ),
    "B33 unknown bytes": ("t.csv", lambda: b"a,b\n\x81\x8d,1\n"),
    "B33 UTF-16 cut in half": ("t.csv", lambda: "a,b\nKöln,1\n".encode("utf-16")[:-1]),
    "B34 long name": ("t.csv", lambda: b"a" * 10_000 + b",b\n1,2\n"),
}
