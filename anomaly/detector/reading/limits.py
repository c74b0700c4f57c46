"""How much one table may be. An event may set its own; these hold where nobody did."""

from dataclasses import dataclass

UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
SMALL = 16 * 2**20  # bytes; what unpacks to less is no bomb, whatever its ratio


@dataclass(frozen=True)
class Limits:
    unpacked_bytes: int = 8 * 2**30  # of a compressed file, a workbook, an array
    ratio: int = 200  # unpacked to packed bytes, from SMALL on
    rows: int = 50_000_000
    columns: int = 2_000
    cell_length: int = 100_000  # characters
    line_bytes: int = 16 * 2**20  # of a text file; nothing longer is a row of a table
    column_name: int = 200  # characters


UNLIMITED = Limits(2**50, 10**9, 10**12, 10**6, 2**31, 2**31, 2**16)


def in_words(size: float) -> str:
    """1536 -> "1.5 KiB"."""
    for unit in UNITS[:-1]:
        if size < 1024:
            return f"{size:,.1f} {unit}".replace(".0 ", " ")
        size /= 1024
    return f"{size:,.1f} {UNITS[-1]}".replace(".0 ", " ")
