"""The recap as a PDF of a few pages (fpdf2)."""

import re
from collections.abc import Sequence
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from events.models import Event
from submissions.programme.models import Feedback, Recap

INK, SOFT, DATA = (22, 32, 46), (75, 88, 106), (74, 127, 201)
NEXT: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}


def fit(text: object) -> str:
    """What the built-in fonts can write; the rest becomes a question mark."""
    plain = str(text).translate({0x2013: "-", 0x2014: "-", 0x2018: "'", 0x2019: "'", 0x2026: "..."})
    plain = plain.replace("“", '"').replace("”", '"')
    return plain.encode("latin-1", "replace").decode("latin-1")


def plain(markdown: str) -> str:
    """Markdown as it is read aloud: no marks, link texts without addresses."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return re.sub(r"(?m)^#+\s*|[*_`]", "", text)


def draw(event: Event, recap: Recap, told: dict[str, Any], quotes: Sequence[Feedback]) -> bytes:
    page = FPDF(format="A4")
    page.set_auto_page_break(True, margin=18)
    page.set_margins(20, 18)
    page.set_title(fit(event.name))
    page.add_page()
    _text(page, event.name, size=24, style="B")
    _text(page, event.summary, size=12, colour=SOFT)
    _figures(page, told["figures"])
    _text(page, plain(recap.prose), size=11)
    _bars(page, "Posters by category", told["posters_by_category"])
    _rated(page, told["best_rated"])
    for quote in quotes:
        name = f" - {quote.author}" if quote.author else ""
        _text(page, f'"{quote.comment}"{name}', size=11, style="I", colour=SOFT)
    if recap.frozen_at:
        _text(page, f"Numbers as of {recap.frozen_at:%-d %B %Y}.", size=9, colour=SOFT)
    return bytes(page.output())


def _text(
    page: FPDF, text: str, *, size: float, style: str = "", colour: tuple[int, int, int] = INK
) -> None:
    if not text.strip():
        return
    page.set_font("helvetica", style, size)
    page.set_text_color(*colour)
    page.multi_cell(0, size * 0.5, fit(text), align="L", **NEXT)
    page.ln(3)


def _figures(page: FPDF, figures: list[dict[str, Any]]) -> None:
    width = page.epw / 4
    for start in range(0, len(figures), 4):
        row = figures[start : start + 4]
        page.set_font("helvetica", "B", 20)
        page.set_text_color(*INK)
        for one in row:
            page.cell(width, 10, fit(f"{one['value']:,}"))
        page.ln()
        page.set_font("helvetica", "", 9)
        page.set_text_color(*SOFT)
        for one in row:
            page.cell(width, 5, fit(one["label"]))
        page.ln(9)
    page.ln(2)


def _bars(page: FPDF, title: str, counted: dict[str, int]) -> None:
    if not counted:
        return
    _text(page, title, size=13, style="B")
    most, name_width = max([*counted.values(), 1]), page.epw * 0.45
    page.set_font("helvetica", "", 10)
    page.set_text_color(*INK)
    for name, n in counted.items():
        page.cell(name_width, 7, fit(name))
        page.set_fill_color(*DATA)
        page.rect(page.get_x(), page.get_y() + 1.5, page.epw * 0.45 * n / most, 4, style="F")
        page.set_x(page.l_margin + page.epw * 0.92)
        page.cell(0, 7, str(n), align="R", **NEXT)
    page.ln(4)


def _rated(page: FPDF, rated: list[dict[str, Any]]) -> None:
    if not rated:
        return
    _text(page, "Best rated", size=13, style="B")
    for one in rated:
        line = f"{one['mean']:.1f}  {one['title']} ({one['voices']} voices)"
        _text(page, line, size=11)
