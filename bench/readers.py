"""How long each reader takes, and how much memory: a table of 1,000,000 rows and 30 columns.

    python bench/readers.py [--rows 1000000] [--repeat 3] [--only csv,xlsx]

Twenty columns of decimals, five of whole numbers, three of words, one of dates, one of yes and no;
every file holds the same table. Each reading is a fresh process, as on the site: "read" is the
parsing and typing, "whole" everything from its start to its profile. Medians; beside them pyarrow's
own reader of the same file, where it has one, without typing or profile. All in processor
seconds, all threads together, so that a busy machine says almost the same as a quiet one.
"""

import argparse
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import zstandard

CHILD = """
import json, resource, sys, time
from anomaly.datasets import sandbox
sandbox.leave_the_network()
from anomaly.detector.reading import profile, read
path = sys.argv[1]
start = time.process_time()
table = read(path)
middle = time.process_time()
profile(table.frame, notes=table.notes)
end = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([middle - start, end, peak]))
"""
ARROW = {
    "csv": "import pyarrow.csv as r; r.read_csv(sys.argv[1])",
    "jsonl": "import pyarrow.json as r; r.read_json(sys.argv[1])",
    "parquet": "import pyarrow.parquet as r; r.read_table(sys.argv[1])",
}


OPEN = "http://schemas.openxmlformats.org"
SHEETS = f"{OPEN}/spreadsheetml/2006/main"
PARTS = "application/vnd.openxmlformats"
LINKED = f"{OPEN}/officeDocument/2006/relationships"


def links(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{OPEN}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{LINKED}/{kind}" Target="{target}"/></Relationships>'
    )


def part(name: str, kind: str) -> str:
    content = f"{PARTS}-officedocument.spreadsheetml.{kind}+xml"
    return f'<Override PartName="/xl/{name}.xml" ContentType="{content}"/>'


WORKBOOK = {
    "[Content_Types].xml": f'<Types xmlns="{OPEN}/package/2006/content-types">'
    f'<Default Extension="rels" ContentType="{PARTS}-package.relationships+xml"/>'
    f"{part('workbook', 'sheet.main')}{part('worksheets/sheet1', 'worksheet')}</Types>",
    "_rels/.rels": links("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{LINKED}"><sheets>'
    '<sheet name="Table" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": links("worksheet", "worksheets/sheet1.xml"),
}


def write_xlsx(frame: pl.DataFrame, path: Path) -> None:
    """As plain as a workbook can be: numbers as numbers, the rest as text in its cell."""
    numeric = [dtype.is_numeric() for dtype in frame.dtypes]
    text = '<c t="inlineStr"><is><t>{}</t></is></c>'

    def row(values: tuple, header: bool = False) -> str:
        cells = (
            f"<c><v>{value}</v></c>" if number and not header else text.format(value)
            for number, value in zip(numeric, values, strict=True)
        )
        return f"<row>{''.join(cells)}</row>"

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in WORKBOOK.items():
            book.writestr(name, content)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{SHEETS}"><sheetData>'.encode())
            sheet.write(row(tuple(frame.columns), header=True).encode())
            for values in frame.iter_rows():
                sheet.write(row(values).encode())
            sheet.write(b"</sheetData></worksheet>")


def write_arff(frame: pl.DataFrame, path: Path) -> None:
    kinds = ["NUMERIC" if dtype.is_numeric() else "STRING" for dtype in frame.dtypes]
    about = "".join(
        f"@ATTRIBUTE {name} {kind}\n" for name, kind in zip(frame.columns, kinds, strict=True)
    )
    with path.open("wb") as out:
        out.write(f"@RELATION table\n{about}@DATA\n".encode())
        frame.write_csv(out, include_header=False)


def make(rows: int) -> pl.DataFrame:
    chance = np.random.default_rng(0)
    days = np.datetime64("2020-01-01") + chance.integers(0, 700, rows)
    words = np.array(["red", "green", "blue", "a longer value here"])
    columns: dict[str, object] = {f"x{i}": chance.normal(size=rows).round(5) for i in range(20)}
    columns |= {f"n{i}": chance.integers(0, 10_000, rows) for i in range(5)}
    columns |= {f"word{i}": chance.choice(words, rows) for i in range(3)}
    return pl.DataFrame(columns | {"day": days, "flag": chance.integers(0, 2, rows) == 1})


def write_npz(frame: pl.DataFrame, path: Path) -> None:
    np.savez(path, **{name: frame.get_column(name).to_numpy() for name in frame.columns[:25]})


def write_gzip(frame: pl.DataFrame, path: Path) -> None:
    with gzip.open(path, "wb", 6) as out:
        frame.write_csv(out)


def write_zstd(frame: pl.DataFrame, path: Path) -> None:
    with path.open("wb") as file, zstandard.ZstdCompressor().stream_writer(file) as out:
        frame.write_csv(out)


def write_zip(frame: pl.DataFrame, path: Path) -> None:
    packed = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    with packed as book, book.open("table.csv", "w", force_zip64=True) as out:
        frame.write_csv(out)


WRITE: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    "csv": lambda frame, path: frame.write_csv(path),
    "tsv": lambda frame, path: frame.write_csv(path, separator="\t"),
    "csv.gz": write_gzip,
    "csv.zst": write_zstd,
    "csv.zip": write_zip,
    "jsonl": lambda frame, path: frame.write_ndjson(path),
    "parquet": lambda frame, path: frame.write_parquet(path),
    "npy": lambda frame, path: np.save(path, frame.select(frame.columns[:25]).to_numpy()),
    "npz": write_npz,
    "arff": write_arff,
    "xlsx": write_xlsx,
}


def ours(path: Path) -> list[float]:
    said = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True
    )
    return json.loads(said.stdout)


def arrow(kind: str, path: Path) -> float:
    code = (
        f"import sys, time; t = time.process_time(); {ARROW[kind]}; print(time.process_time() - t)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    return float(said.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default=",".join(WRITE))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        frame = make(options.rows)
        print(f"{options.rows:,} rows, 30 columns (npy and npz: 25);", end=" ")
        print(f"processor seconds, medians of {options.repeat}")
        print(f"{'file':10}{'MiB':>8}{'read':>8}{'whole':>8}{'peak MiB':>10}{'pyarrow':>9}")
        for kind in options.only.split(","):
            path = Path(folder) / f"table.{kind}"
            WRITE[kind](frame, path)
            runs = [ours(path) for _ in range(options.repeat)]
            read, whole, peak = (statistics.median(values) for values in zip(*runs, strict=True))
            beside = (
                statistics.median(arrow(kind, path) for _ in range(options.repeat))
                if kind in ARROW
                else None
            )
            size = path.stat().st_size / 2**20
            told = f"{beside:9.1f}" if beside else f"{'-':>9}"
            path.unlink()
            print(f"{kind:10}{size:8.0f}{read:8.1f}{whole:8.1f}{peak:10.0f}{told}", flush=True)


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"in {time.perf_counter() - started:.0f} s")
