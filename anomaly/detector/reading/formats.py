"""Which kind of file this is: by what it holds, checked against what its name says."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from anomaly.detector.reading.errors import TableError

ENDINGS = {
    "csv": "delimited",
    "tsv": "delimited",
    "tab": "delimited",
    "txt": "delimited",
    "data": "delimited",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "jsonl",
    "arff": "arff",
    "parquet": "parquet",
    "pq": "parquet",
    "npy": "npy",
    "npz": "npz",
    "xlsx": "xlsx",
}
PACKED = {"gz": "gzip", "zst": "zstd", "zip": "zip"}
IN_WORDS = {
    "delimited": "text",
    "jsonl": "text",
    "arff": "text",
    "text": "text",
    "parquet": "a Parquet file",
    "npy": "a NumPy array",
    "npz": "a NumPy archive",
    "xlsx": "an Excel workbook",
    "gzip": "a gzip archive",
    "zstd": "a zstd archive",
    "zip": "a zip archive",
}
ALLOWED = "CSV, TSV, JSON Lines, Parquet, NPY, NPZ, XLSX or ARFF, each also as .gz, .zst or .zip"

MOST_MEMBERS = 10_000  # of a workbook or an archive of arrays
_HEAD = 4096
_KNOWN = {
    b"PAR1": "parquet",
    b"\x93NUMPY": "npy",
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
}
# What is refused: its first bytes, what it is, and what to send instead.
_CSV_OR_PARQUET = "save the table as CSV or Parquet and send that"
_FOREIGN = {
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file", "save the table as Parquet or NPZ and send that"),
    b"ARROW1": ("an Arrow IPC (Feather) file", "save the table as Parquet and send that"),
    b"FEA1": ("a Feather file", "save the table as Parquet and send that"),
    b"PARE": ("an encrypted Parquet file", "save it without encryption"),
    b"ORC": ("an ORC file", "save the table as Parquet and send that"),
    b"Obj\x01": ("an Avro file", "save the table as Parquet and send that"),
    b"SQLite format 3": ("an SQLite database", "export the one table as CSV and send that"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook (.xls)", "save it as XLSX or CSV and send that"),
    b"MATLAB 5.0": ("a MATLAB file", "save the matrix as CSV or NPZ and send that"),
    b"RDX": ("an R data file", _CSV_OR_PARQUET),
    b"BZh": ("a bzip2 archive", "compress it with gzip, zstd or zip instead"),
    b"\xfd7zXZ": ("an xz archive", "compress it with gzip, zstd or zip instead"),
    b"7z\xbc\xaf": ("a 7-Zip archive", "compress it with gzip, zstd or zip instead"),
    b"Rar!": ("a RAR archive", "compress it with gzip, zstd or zip instead"),
    b"%PDF": ("a PDF document", _CSV_OR_PARQUET),
    b"{\\rtf": ("a text document", _CSV_OR_PARQUET),
    b"\x89PNG": ("a picture", _CSV_OR_PARQUET),
    b"GIF8": ("a picture", _CSV_OR_PARQUET),
    b"\xff\xd8\xff": ("a picture", _CSV_OR_PARQUET),
    b"\x7fELF": ("a program", _CSV_OR_PARQUET),
    b"MZ\x90": ("a program", _CSV_OR_PARQUET),
}
# The same by the name alone: what it is, its endings, and what to send instead.
_NAMED = (
    ("an HDF5 file", "h5 hdf5 hdf he5", "save the table as Parquet or NPZ and send that"),
    ("an Arrow IPC (Feather) file", "arrow feather ipc", "save the table as Parquet and send that"),
    (
        "a Python pickle",
        "pkl pickle joblib pt pth",
        "that could run anything, so save the table as Parquet, NPZ or CSV and send that",
    ),
    ("a MATLAB file", "mat", "save the matrix as CSV or NPZ and send that"),
    ("a database", "sqlite sqlite3 db duckdb", "export the one table as CSV and send that"),
    ("another kind of workbook", "xls xlsm xlsb ods", "save it as XLSX or CSV and send that"),
    ("a file of R, SPSS, SAS or Stata", "rds rdata rda sav dta sas7bdat", _CSV_OR_PARQUET),
    (
        "an archive of a kind that is not read",
        "7z rar tar tgz bz2 xz",
        "send the one table, compressed with gzip, zstd or zip if at all",
    ),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05](\x95.{8})?[\x28\x5d\x7d\x63\x8c\x4b\x58\x94]", re.DOTALL)
_WEB_PAGE = re.compile(rb"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def said_by(name: str) -> tuple[str, str]:
    """What the name says: ("delimited", "gzip") for t.csv.gz, ("xlsx", "") for t.xlsx.

    Raises TableError for a name that says the file is none of the allowed kinds.
    """
    parts = name.lower().split(".")[1:]
    packed = PACKED.get(parts[-1], "") if parts else ""
    inner = parts[:-1] if packed else parts
    ending = inner[-1] if inner else ""
    if ending in ENDINGS:
        return ENDINGS[ending], packed
    if packed and not inner:  # table.zip: what is inside has a name of its own
        return "", packed
    raise TableError("file.type_not_allowed", _not_allowed(name, ending))


def _not_allowed(name: str, ending: str) -> str:
    for what, endings, instead in _NAMED:
        if ending in endings.split():
            return f"{name} is {what} by its name; {instead}."
    return f"{name} does not end like a table that can be read; send {ALLOWED}."


def found_in(path: Path, name: str) -> str:
    """What the content is: one of IN_WORDS. Raises TableError for what is refused."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise TableError("file.empty", f"{name} is empty.")
    _refuse_foreign(head, name)
    for magic, kind in _KNOWN.items():
        if head.startswith(magic):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path, name)
    return "text"


def _refuse_foreign(head: bytes, name: str) -> None:
    for magic, (what, instead) in _FOREIGN.items():
        if head.startswith(magic):
            raise TableError("file.not_a_table", f"{name} is {what}; {instead}.")
    if head[257:262] == b"ustar":
        raise TableError(
            "file.not_a_table",
            f"{name} is a tar archive; send the one table, or compress it with gzip, zstd or zip.",
        )
    if _PICKLE.match(head):
        raise TableError(
            "array.pickle_refused",
            f"{name} is a Python pickle, which could run anything; save the table as Parquet, NPZ "
            "or CSV and send that.",
        )
    if _WEB_PAGE.match(head):
        raise TableError(
            "file.not_a_table",
            f"{name} is a web page, perhaps an error page or a sign-in; download the table again "
            "and look into it first.",
        )


def _refuse_many_members(path: Path, name: str) -> None:
    """By the number that stands at the archive's end, before the list itself is read."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**16 - 22))
        _before, found, end = file.read().rpartition(b"PK\x05\x06")
    if found and len(end) >= 8 and int.from_bytes(end[6:8], "little") > MOST_MEMBERS:
        raise TableError(
            "archive.too_many_members",
            f"{name} holds more than {MOST_MEMBERS:,} files; send one table in an archive.",
        )


def _kind_of_zip(path: Path, name: str) -> str:
    _refuse_many_members(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise TableError(
            "archive.damaged", f"{name} is damaged or cut off; send the file again."
        ) from error
    if "[Content_Types].xml" in names:
        return _kind_of_office_file(names, name)
    if any(n.endswith("data.pkl") for n in names):
        raise TableError(
            "array.pickle_refused",
            f"{name} is a PyTorch file, which could run anything; save the table as Parquet, NPZ "
            "or CSV and send that.",
        )
    if "mimetype" in names and "content.xml" in names:
        raise TableError(
            "file.not_a_table",
            f"{name} is an OpenDocument file; save the table as XLSX or CSV and send that.",
        )
    return "npz" if names and all(n.endswith(".npy") for n in names) else "zip"


def _kind_of_office_file(names: list[str], name: str) -> str:
    if any(n.endswith("vbaProject.bin") for n in names):
        raise TableError(
            "file.not_a_table",
            f"{name} is a workbook with macros; save it as XLSX without them and send that.",
        )
    if any(n.startswith("xl/") and n.endswith(".bin") and "sheet" in n for n in names):
        raise TableError(
            "file.not_a_table",
            f"{name} is a binary workbook (.xlsb); save it as XLSX or CSV and send that.",
        )
    if not any(n.startswith("xl/") for n in names):
        raise TableError(
            "file.not_a_table",
            f"{name} is an Office document without a table; save the table as XLSX or CSV and "
            "send that.",
        )
    return "xlsx"


def said_inside(inner: str, name: str) -> str:
    """What the name of the file in an archive says. Raises TableError."""
    try:
        said, packed = said_by(inner)
    except TableError as error:
        raise TableError(
            error.code,
            f"{name} holds {inner[:60]}, which does not end like a table; send {ALLOWED}.",
        ) from error
    if packed:
        raise nested(name)
    return said


def nested(name: str) -> TableError:
    return TableError(
        "archive.nested", f"{name} is an archive inside an archive; pack the table once."
    )


def agreed(found: str, said: str, name: str) -> str:
    """The kind to read the file as. Raises TableError where name and content contradict."""
    if found == "text" and said in ("delimited", "jsonl", "arff"):
        return said
    if found == "zip" and said == "npz":  # not only arrays inside; its reader says which
        return said
    if found == said:
        return said
    raise mismatch(found, said, name)


def mismatch(found: str, said: str, name: str) -> TableError:
    return TableError(
        "file.type_mismatch",
        f"{name} is {IN_WORDS[found]}, not {IN_WORDS[said]} as its name says; correct the name "
        "or send the right file.",
    )
