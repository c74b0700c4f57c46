"""What a column of text means: numbers, yes and no, dates, or text after all.

Every rule here is one that can be told to people; what was not obvious is said in a note.
"""

from __future__ import annotations

import polars as pl

from anomaly.detector.reading.tables import MISSING

ENOUGH = 0.95  # of the values must fit; the others count as missing, and the note says so
LOOKED_AT = 200  # values tried before a whole column is
SAMPLED = 20_000  # values in which the formats of dates are looked for
EXACT = 2**53  # whole numbers beyond are not exact as floating-point ones
YES, NO = {"true", "yes", "y", "t", "on", "1"}, {"false", "no", "n", "f", "off", "0"}
_SIGNS = r"[\s%$€£¥\u00a0\u202f]"
DAY_FIRST = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
OTHER_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y")
CLOCKS = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S%.f", " %H:%M:%S%.f")

Meant = tuple[pl.Series, str]


def typed(series: pl.Series, decimal: str = ".", dates: str = "") -> Meant:
    """The column in the type that it means, and a remark where that is a compromise."""
    if series.dtype != pl.String:
        return series, _on_numbers(series)
    text = _without_spaces(series)
    present = text.drop_nulls()
    if present.is_empty():
        return text, ""
    head = present.head(LOOKED_AT)
    for attempt in (as_booleans, as_numbers, as_grouped_numbers, as_dates, as_times):
        if attempt(head, decimal, dates) is None:
            continue
        found = attempt(text, decimal, dates)
        if found is not None:
            return found
    return text, ""


def _without_spaces(series: pl.Series) -> pl.Series:
    if not series.str.contains(r"^\s|\s$").any():
        return series
    text = series.str.strip_chars()
    return text.set(text.is_in(MISSING), None)


def _fits(text: pl.Series, found: pl.Series) -> bool:
    values = text.len() - text.null_count()
    fitting = found.len() - found.null_count()
    if fitting < values and text.drop_nulls().n_unique() == 2:
        return False  # two values are two values; neither is a slip of the pen
    return values > 0 and fitting >= ENOUGH * values


def _broken(text: pl.Series, found: pl.Series, what: str) -> str:
    lost = text.filter(found.is_null() & text.is_not_null())
    if lost.is_empty():
        return ""
    if lost.len() == 1:
        return f"1 value is no {what} and counts as missing: {lost[0][:60]!r}."
    return (
        f"{lost.len():,} values are no {what}s and count as missing, for example {lost[0][:60]!r}."
    )


def as_booleans(text: pl.Series, _decimal: str, _dates: str) -> Meant | None:
    """Several spellings of yes and no; two spellings are two values already."""
    spellings = text.drop_nulls().unique()
    if not 2 < spellings.len() <= 20:
        return None
    words = spellings.str.to_lowercase()
    if not words.is_in([*YES, *NO]).all() or not words.is_in([*YES]).any():
        return None
    if words.is_in(["0", "1"]).all() or not words.is_in([*NO]).any():
        return None
    note = f"{spellings.len()} spellings of yes and no are read as two values."
    return text.str.to_lowercase().is_in([*YES]).alias(text.name), note


def as_numbers(text: pl.Series, decimal: str, _dates: str) -> Meant | None:
    plain = text
    if decimal == ",":
        plain = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        if text.str.contains(r"\.\d{0,2}(\D|$)|\.\d{4}").any():  # points that group nothing
            return None
    whole = plain.cast(pl.Int64, strict=False)
    if whole.null_count() == text.null_count():
        if text.str.contains(r"^[+-]?0\d").any():
            return text, "Leading zeros: read as text, because they are part of a name."
        return whole, _on_numbers(whole)
    found = plain.cast(pl.Float64, strict=False)
    if not _fits(text, found):
        return None
    return found, _broken(text, found, "number") or _on_numbers(found)


def as_grouped_numbers(text: pl.Series, decimal: str, _dates: str) -> Meant | None:
    """1,234,567.5 and 1 234 567,5; 12 %; € 3.50."""
    group = "." if decimal == "," else ","
    bare = text.str.replace_all(_SIGNS, "")
    shape = rf"^[+-]?\d{{1,3}}([{group}']\d{{3}})*([{decimal}]\d+)?$|^[+-]?\d+([{decimal}]\d+)?$"
    if not _fits(text, bare.filter(bare.str.contains(shape))):
        return None
    digits = bare.str.replace_all(f"[{group}']", "").str.replace(decimal, ".", literal=True)
    found = digits.cast(pl.Float64, strict=False)
    note = f"Read as numbers; signs such as % and the {group} between thousands are left out."
    return found, _broken(text, found, "number") or note


def _on_numbers(series: pl.Series) -> str:
    if series.dtype.is_float():
        infinite = series.is_infinite().sum()
        if infinite:
            values = "1 value is" if infinite == 1 else f"{infinite:,} values are"
            return f"{values} infinite, and scored as far beyond all others."
        return _on_large(series.filter(series.is_finite())) if _all_whole(series) else ""
    return _on_large(series) if series.dtype.is_integer() else ""


def _all_whole(series: pl.Series) -> bool:
    head = series.drop_nulls().head(LOOKED_AT)
    return bool(head.len()) and bool((head == head.floor()).all())


def _on_large(series: pl.Series) -> str:
    largest = series.cast(pl.Float64).abs().max()
    if isinstance(largest, float) and largest > EXACT and largest < 1e30:
        return "Whole numbers of more than 15 digits lose their last ones when they are scored."
    return ""


def as_dates(text: pl.Series, _decimal: str, dates: str) -> Meant | None:
    """Dates, each in whatever known format it has; of day and month the order that fits most."""
    sample = text.drop_nulls().head(SAMPLED)
    which, ambiguous = _order(sample, dates)
    used = _formats(sample, (*OTHER_DATES, *ambiguous))
    if not used:
        return None
    found = _parsed(text, used)
    if not _fits(text, found):
        return None
    told = [] if len(used) < 2 else [f"Dates in {len(used)} formats."]
    if any(form.startswith(ambiguous) for form in used):
        told.append(f"Read with the {which} first; correct that if it is wrong.")
    note = " ".join([_broken(text, found, "date"), *told]).strip()
    midnight = (found.dt.truncate("1d") == found).all()
    return (found.cast(pl.Date) if midnight else found), note


def _order(sample: pl.Series, dates: str) -> tuple[str, tuple[str, ...]]:
    """Whether the day or the month stands first, as told or as fits more values."""
    orders = {"day": DAY_FIRST, "month": MONTH_FIRST}
    if dates in orders:
        return dates, orders[dates]
    fits = {which: _parsed(sample, _formats(sample, forms)) for which, forms in orders.items()}
    best = min(fits, key=lambda which: fits[which].null_count())
    return best, orders[best]


def _formats(sample: pl.Series, dates: tuple[str, ...]) -> list[str]:
    """Those of the formats that are needed, each for values that none before it fits."""
    left, used = _without_zone(sample), []
    if not left.str.contains(r"\d\D*\d").any():
        return []
    for form in (form + clock for clock in CLOCKS for form in dates):
        new = _one_format(left, form)
        if new.null_count() < left.len():
            used.append(form)
            left = left.filter(new.is_null())
        if left.is_empty():
            break
    return used


def _parsed(text: pl.Series, formats: list[str]) -> pl.Series:
    plain = _without_zone(text)
    found = pl.Series(text.name, [None] * text.len(), dtype=pl.Datetime("us"))
    for form in formats:
        found = found.zip_with(found.is_not_null(), _one_format(plain, form))
    return found


def _without_zone(text: pl.Series) -> pl.Series:
    return text.str.replace(r"(Z|[+-]00:?00)$", "")


def _one_format(text: pl.Series, form: str) -> pl.Series:
    if "%H" in form:
        return text.str.to_datetime(form, strict=False, time_unit="us")
    return text.str.to_date(form, strict=False).cast(pl.Datetime("us"))


def as_times(text: pl.Series, _decimal: str, _dates: str) -> Meant | None:
    for form in ("%H:%M:%S", "%H:%M"):
        found = text.str.to_time(form, strict=False)
        if _fits(text, found):
            return found, _broken(text, found, "time")
    return None
