import json
from pathlib import Path
from typing import Any

import pytest

from anomaly.detector.reading import TableError, profile, read, read_table


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize(
    "content",
    [
        "city,size\nKöln,1.5\nRom,2.5\n",
        "city;size\nKöln;1,5\nRom;2,5\n",
        "city\tsize\r\nKöln\t1.5\r\n\r\nRom\t2.5\r\n",
        "city|size\nKöln|1.5\nRom|2.5",
        "\ufeffcity,size\nKöln,1.5\nRom,2.5\n",
        "city,size\nKöln,1.5\nRom,2.5\n".encode("cp1252"),
        "city,size\nKöln,1.5\nRom,2.5\n".encode("utf-16"),
    ],
)
def test_delimiter_and_encoding_are_found(written: Any, content: str | bytes) -> None:
    assert read_table(written(content)).rows(named=True) == [
        {"city": "Köln", "size": 1.5},
        {"city": "Rom", "size": 2.5},
    ]


def test_header_is_missing_doubled_or_blank(written: Any) -> None:
    assert read_table(written("1,2\n3,4\n")).columns == ["column_1", "column_2"]
    assert read_table(written("a,a,\n1,2,3\n")).columns == ["a", "a_2", "column_3"]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("", "file.empty", "is empty"),
        ("a,b\n", "table.no_rows", "no rows"),
        ("a,b\n1,2\n1,2,3\n", "table.ragged", "Line 3 of table.csv has 3 cells"),
        (b"\x89HDF\r\n\x1a\n", "file.not_a_table", "save the table as Parquet"),
        (b"a,b\x00\x01", "text.nul", "no text file"),
    ],
)
def test_unreadable_file_is_refused(
    written: Any, content: str | bytes, code: str, words: str
) -> None:
    with pytest.raises(TableError, match=words) as refusal:
        read_table(written(content))
    assert refusal.value.code == code


def test_message_names_the_file_as_its_owner_does(written: Any) -> None:
    with pytest.raises(TableError, match=r"^mine\.csv is empty"):
        read_table(written(""), filename="mine.csv")


def test_profile_tells_kinds_and_roles(written: Any) -> None:
    rows = [
        f"{i + 1},{i * i % 97 / 7},{'ab'[i % 2]},{'xyz'[i % 3]},2020-01-{i % 28 + 1:02d},"
        f"5,{i * i % 97 / 7},word{i} more,{'?' if i == 3 else i % 40},{i % 2}"
        for i in range(60)
    ]
    header = "id,amount,side,shop,day,same,copy,remark,count,label"
    told = profile(read_table(written("\n".join([header, *rows]))))
    assert {c["name"]: (c["kind"], c["role"]) for c in told["columns"]} == {
        "id": ("numeric", "identifier"),
        "amount": ("numeric", "feature"),
        "side": ("binary", "feature"),
        "shop": ("categorical", "feature"),
        "day": ("datetime", "feature"),
        "same": ("numeric", "ignore"),
        "copy": ("numeric", "ignore"),
        "remark": ("categorical", "identifier"),
        "count": ("numeric", "feature"),
        "label": ("binary", "label"),
    }
    assert told["rows"] == 60
    assert told["missing"] == 1
    assert len(told["sample"]) == 5
    json.dumps(told, allow_nan=False)


def test_profile_of_wild_numbers_is_valid_json(written: Any) -> None:
    told = profile(read_table(written("a,b\n1e300,inf\n-1,2\n3,-inf\nNaN,4\n")))
    json.dumps(told, allow_nan=False)
    assert told["columns"][0]["maximum"] == 1e300
    assert told["columns"][1]["maximum"] == 4.0


def test_column_with_few_broken_numbers_stays_numeric(written: Any) -> None:
    text = "a,b\n" + "".join(f"{i},{i % 7}\n" for i in range(40)) + "oops,3\n"
    table = read(written(text))
    column = profile(table.frame, notes=table.notes)["columns"][0]
    assert (column["kind"], column["missing"]) == ("numeric", 1)
    assert column["note"] == "1 value is no number and counts as missing: 'oops'."
