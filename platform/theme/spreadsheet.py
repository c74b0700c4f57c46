"""Tables to download: CSV that opens in a spreadsheet and runs nothing there.

A cell that begins with = + - @, a tab, a carriage return or a NUL is a formula to some spreadsheet
(OWASP, "CSV injection"; ASVS 5.0 1.2.10). Such text gets an apostrophe in front, which spreadsheets
do not show; numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any, TypeVar

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

Answer = TypeVar("Answer", bound=HttpResponseBase)

AT_ONCE = 200
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: Any) -> str:
    """One value as the text of a cell: never a formula, never None."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def plain(text: str) -> str:
    """What `cell` made harmless, as it was before: for a table that comes back."""
    return text[1:] if text.startswith("'") and cell(text[1:]) == text else text


def lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV (RFC 4180), some hundred lines at a time: each part is one write to the network. The
    byte-order mark tells spreadsheets that it is UTF-8."""
    left = chain([header], rows)
    mark = "\ufeff"
    while part := list(islice(left, AT_ONCE)):
        written = io.StringIO(newline="")
        csv.writer(written).writerows([cell(value) for value in row] for row in part)
        yield mark + written.getvalue()
        mark = ""


def download(
    name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """The answer of a view: `name` (with .csv) as something to keep, sent while it is made."""
    answer = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    return as_attachment(answer, name)


def as_attachment(answer: Answer, name: str) -> Answer:
    """A file to keep, never something for the browser to interpret (RFC 6266, ASVS 5.4.1)."""
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer
