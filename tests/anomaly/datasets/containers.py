"""Files in which a table may or may not be, made byte by byte: archives, arrays, workbooks."""

import gzip
import io
import struct
import warnings
import zipfile
from collections.abc import Callable

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

Make = Callable[[], bytes]

GOOD = b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i % 7) for i in range(30))
MARKER = "/tmp/podium-was-here"


class Evil:
    """What unpickling would run."""

    def __reduce__(self):
        return (open, (MARKER, "w"))


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of two members of one name, and writes them
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def zip_with(name: str, **changes: object) -> bytes:
    """One member whose entry is not as it should be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        for key, value in changes.items():
            setattr(info, key, value)
        archive.writestr(info, GOOD)
    return out.getvalue()


def many_members(number: int) -> bytes:
    return zipped(*((f"{i}.csv", b"") for i in range(number)), method=zipfile.ZIP_STORED)


def patched(archive: bytes, offset: int, value: int) -> bytes:
    """The same two bytes changed in the local header and in the list of members."""
    data = bytearray(archive)
    struct.pack_into("<H", data, offset, value)
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<H", data, central + offset + 2, value)
    return bytes(data)


def encrypted_zip() -> bytes:
    return patched(zipped(("t.csv", GOOD)), 6, 1)


def strange_method_zip() -> bytes:
    return patched(zipped(("t.csv", GOOD)), 8, 99)


def overlapping_npz() -> bytes:
    """Two entries of the list that point to the same bytes."""
    data = bytearray(zipped(("a.npy", npy(np.arange(30.0))), ("b.npy", npy(np.arange(30.0)))))
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    return bytes(data)


def bomb(megabytes: int = 64) -> bytes:
    return b"a,b\n" + b"0" * (megabytes * 2**20)


def zstd_bomb() -> bytes:
    return zstandard.ZstdCompressor().compress(bomb())


def npy(array: np.ndarray, *, allow_pickle: bool = False) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=allow_pickle)
    return out.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def pickled_npz() -> bytes:
    return zipped(("a.npy", npy(np.array([Evil()], dtype=object), allow_pickle=True)))


def npy_claiming(shape: str, descr: str = "'<f8'", version: int = 1) -> bytes:
    """A header that promises what does not follow."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (63 - (len(header) + 10) % 64) + b"\n"
    length = struct.pack("<H", len(header)) if version == 1 else struct.pack("<I", 2**31)
    return b"\x93NUMPY" + bytes([version, 0]) + length + header


def parquet(table: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def parquet_bomb() -> bytes:
    """Two million rows of one value, ten times: kilobytes that unpack to hundreds of megabytes."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), pa.array([1.5]))
    table = pa.table({f"c{i}": column for i in range(10)})
    return parquet(pa.concat_tables([table] * 2), compression="zstd")


def forged_parquet() -> bytes:
    """A footer that counts more rows than there are: 8,191 instead of 1,000."""
    data = parquet(pa.table({"a": list(range(1000))}), compression="none")
    footer = data.rindex(b"PAR1", 0, len(data) - 4) if data.count(b"PAR1") > 2 else 4000
    thousand, more = b"\xd0\x0f", b"\xfe\x7f"  # both as thrift writes them
    return data[:footer] + data[footer:].replace(thousand, more)


def damaged_parquet() -> bytes:
    """The footer is sound, the pages are not."""
    data = bytearray(parquet(pa.table({"a": list(range(1000)), "b": list(range(1000))})))
    data[8:2000] = b"\xff" * 1992
    return bytes(data)


def workbook(frame: pl.DataFrame | None = None) -> bytes:
    """By hand, so that tests need no writer: rows of inline text and numbers."""
    table = frame if frame is not None else pl.read_csv(GOOD)
    rows = [table.columns, *table.rows()]
    return xlsx("".join(_row(i, row) for i, row in enumerate(rows, start=1)))


def _row(number: int, cells) -> str:
    return f'<row r="{number}">{"".join(map(_cell, cells))}</row>'


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return "<c/>" if value is None else f"<c><v>{value}</v></c>"


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def xlsx(rows: str, *, sheets: int = 1, before: str = "", **others: bytes) -> bytes:
    """A workbook whose first sheet has these rows; the others are empty."""
    numbers = range(1, sheets + 1)
    empty = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    first = f'{HEAD}{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{kinds}.worksheet+xml"/>'
        for i in numbers
    )
    entries = "".join(f'<sheet name="Sheet{i}" sheetId="{i}" r:id="rId{i}"/>' for i in numbers)
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATED}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in numbers
    )
    files = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>{parts}'
        "</Types>",
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
        f'Id="rId1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}">'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f"{links}</Relationships>",
    }
    files |= {f"xl/worksheets/sheet{i}.xml": first if i == 1 else empty for i in numbers}
    members = [(name, text.encode()) for name, text in files.items()]
    return zipped(*members, *((name, content) for name, content in others.items()))


def empty_styled_cells() -> bytes:
    """A table, and below it a million cells that hold a style and nothing else."""
    table = "".join(_row(i, row) for i, row in enumerate([("a", "b"), (1, 2), (3, 4)], start=1))
    styled = "".join(f'<row r="{i}"><c r="A{i}" s="1"/></row>' for i in range(4, 500_004))
    return xlsx(table + styled)


def entities() -> bytes:
    before = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return xlsx(_row(1, ("a", "b")) + _row(2, ("&x;", 1)), before=before)


def formulas() -> bytes:
    """One formula whose value was saved with it, one without."""
    rows = [_row(1, ("a", "b"))]
    for i in range(2, 32):
        saved = f"<c><f>A{i}*2</f><v>{2 * i}</v></c>" if i % 2 else f"<c><f>A{i}*2</f></c>"
        rows.append(f'<row r="{i}"><c><v>{i}</v></c>{saved}</row>')
    return xlsx("".join(rows))


def multi_member_gzip() -> bytes:
    return gzip.compress(GOOD) + gzip.compress(b"30,1\n31,2\n")
