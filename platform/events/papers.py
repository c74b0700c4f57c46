"""Badges and certificates as PDF."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import segno
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from fpdf import FPDF

from events.fonts import fonts
from events.models import Event, Phase, Registration
from theme.refusal import Refused
from theme.spreadsheet import as_attachment

BADGE = (86.0, 54.0)  # mm, as a bank card
COLUMNS, ROWS = 2, 5  # on a sheet of A4


class Sheet(FPDF):
    """A document whose first font writes the text, and whose others what the first cannot.

    It is written by `with sheet(…)`, because the fonts' files stay open until it is done.
    """

    def __init__(self, orientation: str = "portrait") -> None:
        super().__init__(orientation=orientation, format="A4")
        self.set_auto_page_break(False)
        self.set_creator("Podium")
        self.families = [f"font{n}" for n, _path in enumerate(fonts())]
        for family, path in zip(self.families, fonts(), strict=True):
            self.add_font(family, fname=path)
        if self.families:
            self.set_fallback_fonts(self.families[1:], exact_match=False)
        self.set_text_shaping(use_shaping_engine=False)

    def write_line(
        self, text: str, *, x: float, y: float, width: float, size: float, align: str = "C"
    ) -> None:
        """One line, made smaller until it fits."""
        self.set_font(self.families[0] if self.families else "helvetica", size=size)
        _refuse_unwritable(text, bool(self.families))
        while size > 6 and self.get_string_width(text) > width:
            size -= 0.5
            self.set_font_size(size)
        self.set_xy(x, y)
        self.cell(width, size * 0.5, text, align=align)


@contextmanager
def sheet(orientation: str = "portrait") -> Iterator[Sheet]:
    made = Sheet(orientation)
    try:
        yield made
    finally:
        for family in made.families:
            made.fonts[family].ttfont.close()  # type: ignore[union-attr]


def _refuse_unwritable(text: str, has_fonts: bool) -> None:
    if not has_fonts and not text.isascii():
        raise Refused(
            _("“%(text)s” needs a font that this machine has not: set PODIUM_FONTS.")
            % {"text": text},
            code="paper.no_font",
        )


def badges(event: Event, people: Iterable[Registration]) -> bytes:
    """Ten on a sheet of A4, each with the code of its ticket."""
    width, height = BADGE
    with sheet() as paper:
        for number, one in enumerate(people):
            place = number % (COLUMNS * ROWS)
            if place == 0:
                paper.add_page()
            left = 19 + (place % COLUMNS) * width
            top = 13.5 + (place // COLUMNS) * height
            _badge(paper, event, one, left, top)
        if not paper.pages:
            raise Refused(_("Nobody is registered yet."), code="paper.nobody")
        return bytes(paper.output())


def _badge(sheet: Sheet, event: Event, one: Registration, left: float, top: float) -> None:
    width, height = BADGE
    sheet.set_draw_color(200)
    sheet.rect(left, top, width, height)
    sheet.write_line(event.name, x=left + 4, y=top + 4, width=width - 8, size=9)
    sheet.write_line(str(one.user), x=left + 4, y=top + 14, width=width - 30, size=18, align="L")
    words = one.user.affiliation
    sheet.write_line(words, x=left + 4, y=top + 26, width=width - 30, size=10, align="L")
    if one.track:
        name = one.track.name
        sheet.write_line(name, x=left + 4, y=top + 43, width=width - 30, size=8, align="L")
    draw_code(sheet, one.ticket, left + width - 26, top + height - 30, 22)


def draw_code(sheet: FPDF, text: str, left: float, top: float, side: float) -> None:
    """A QR code as black squares."""
    matrix = segno.make(text, error="m").matrix
    step = side / len(matrix)
    sheet.set_fill_color(0)
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                sheet.rect(left + column * step, top + row * step, step, step, style="F")


def certificates(event: Event, people: Iterable[Registration]) -> bytes:
    """One page for each person who was there."""
    where = ", ".join(filter(None, [event.place, days(event)]))
    with sheet("landscape") as paper:
        for one in people:
            paper.add_page()
            paper.set_draw_color(80)
            paper.rect(12, 12, 273, 186)
            paper.write_line(_("Certificate of attendance"), x=20, y=38, width=257, size=26)
            paper.write_line(str(one.user), x=20, y=78, width=257, size=32)
            paper.write_line(one.user.affiliation, x=20, y=98, width=257, size=14)
            paper.write_line(_("took part in"), x=20, y=116, width=257, size=14)
            paper.write_line(event.name, x=20, y=130, width=257, size=22)
            paper.write_line(where, x=20, y=150, width=257, size=12)
        if not paper.pages:
            raise Refused(_("Nobody is checked in yet."), code="paper.nobody")
        return bytes(paper.output())


def days(event: Event) -> str:
    """When it took place, on its own clock."""
    phase = event.phases.filter(kind=Phase.Kind.EVENT).first()
    if phase is None:
        return ""
    first = timezone.localtime(phase.opens_at, event.zone)
    last = timezone.localtime(phase.closes_at, event.zone)
    if first.date() == last.date():
        return f"{first:%d %B %Y}"
    return f"{first:%d %B %Y} – {last:%d %B %Y}"


def answer(pdf: bytes, name: str) -> HttpResponse:
    return as_attachment(HttpResponse(pdf, content_type="application/pdf"), name)
