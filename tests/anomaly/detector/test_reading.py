import json
from pathlib import Path
from typing import Any

import pytest

from anomaly.detector.reading import TableError, profile, read, read_table, retyped


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


def column(
    written: Any, *values: object, name: str = "v", told: dict[str, str] | None = None
) -> Any:
    """What was understood of one column of these values, beside a count of the rows."""
    lines = [f"{value};{i}" for i, value in enumerate(values)]
    table = read(written("\n".join([f"{name};n", *lines, ""])), told=told)
    return profile(table.frame, notes=table.notes)["columns"][0]


MEANT = {
    "B35 infinities": (
        ["inf", "-Infinity", *(f"{i / 7:.3f}" for i in range(30))],
        ("numeric", "feature"),
        "2 values are infinite, and scored as far beyond all others.",
    ),
    "B35 1e308": (["1e308", *(f"{i / 7:.3f}" for i in range(30))], ("numeric", "feature"), ""),
    "B38 beyond 53 bits": (
        [2**60 + i * i for i in range(30)],
        ("numeric", "feature"),
        "Whole numbers of more than 15 digits lose their last ones when they are scored.",
    ),
    "B38 beyond 64 bits": (
        [2**70 * (i + 1) for i in range(30)],
        ("numeric", "feature"),
        "Whole numbers of more than 15 digits lose their last ones when they are scored.",
    ),
    "B37 mixed types": ([1, "a", 2.5, "b"] * 8, ("categorical", "feature"), ""),
    "B37 leading zeros": (
        [f"{i % 9:05d}" for i in range(30)],
        ("categorical", "feature"),
        "Leading zeros: read as text, because they are part of a name.",
    ),
    "B36 all equal": (
        [5] * 30,
        ("numeric", "ignore"),
        "Constant: the same value in every row says nothing.",
    ),
    "all missing": (["NA"] * 30, ("categorical", "ignore"), "Every value is missing."),
    "dates in five formats": (
        ["2020-01-05", "05.01.2020", "2020/01/06", "7 Jan 2020", "2020-01-08T10:00:00Z"] * 6,
        ("datetime", "feature"),
        "Dates in 5 formats. Read with the day first; correct that if it is wrong.",
    ),
    "month first": (
        [f"01/{i % 28 + 1:02d}/2020" for i in range(60)],
        ("datetime", "feature"),
        "Read with the month first; correct that if it is wrong.",
    ),
    "six spellings of yes and no": (
        ["yes", "No", "TRUE", "f", "Y", "n"] * 5,
        ("binary", "feature"),
        "6 spellings of yes and no are read as two values.",
    ),
    "B32 thousands": (
        [f"{i * 12345 + 1000:,}.50" for i in range(30)],
        ("numeric", "feature"),
        "Read as numbers; signs such as % and the , between thousands are left out.",
    ),
    "B32 thousands and decimal comma": (
        [f"{i * 12345 + 1000:,}".replace(",", ".") + ",5" for i in range(30)],
        ("numeric", "feature"),
        "",
    ),
}


@pytest.mark.parametrize("case", MEANT)
def test_text_is_read_as_what_it_means_and_the_rest_is_told(written: Any, case: str) -> None:
    values, meant, note = MEANT[case]
    found = column(written, *values)
    assert ((found["kind"], found["role"]), found["note"]) == (meant, note)


@pytest.mark.parametrize(
    ("values", "role"), [(["a", "b"], "label"), (["a", "b", "c"], "ignore"), (["a"], "ignore")]
)
def test_b39_label_has_two_values(written: Any, values: list[str], role: str) -> None:
    found = column(written, *(values * 12), name="label")
    assert found["role"] == role
    if len(values) == 3:
        assert found["note"] == (
            "The name says that it is the answer, but it has 3 values and an answer has two; "
            "choose what it is."
        )


def test_what_is_told_of_a_file_overrules_what_was_found(written: Any) -> None:
    days = [f"0{i % 9 + 1}/0{i % 8 + 1}/2020" for i in range(30)]
    assert column(written, *days, told={"dates": "month"})["maximum"] == "2020-09-03"
    assert column(written, *days)["maximum"] == "2020-08-08"
    path = written("a|b;c\n1|2;3\n4|5;6\n")
    assert read(path, told={"delimiter": "|"}).frame.columns == ["a", "b;c"]
    assert read(path, told={"delimiter": ";", "header": "no"}).frame.columns == [
        "column_1",
        "column_2",
    ]


def test_kind_that_a_person_says_is_taken(written: Any) -> None:
    table = read(written("a,b\n" + "".join(f"{i % 3},{i}\n" for i in range(30))))
    told = {"a": "categorical"}
    found = profile(retyped(table.frame, told), kinds=told)["columns"][0]
    assert (found["kind"], found["dtype"]) == ("categorical", "String")
