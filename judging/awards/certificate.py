"""A certificate as PDF, one landscape page of A4."""

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from fpdf import FPDF

from events.models import Event

INK, SOFT, ACCENT = (24, 26, 32), (92, 96, 108), (232, 163, 23)
# Fonts that have more than Latin letters, where the machine has them.
FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
)


def certificate_pdf(event: Event, name: str, title: str, won: Sequence[str]) -> bytes:
    """`won`: each place or prize in words; none: it says that the person took part."""
    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_title(f"{event.name}: {name}")
    pdf.add_page()
    font = _font(pdf)
    pdf.set_draw_color(*ACCENT)
    pdf.set_line_width(1.2)
    pdf.rect(12, 12, 273, 186)
    _line(pdf, font, 38, 15, SOFT, event.name)
    heading = _("Certificate") if won else _("Certificate of participation")
    _line(pdf, font, 56, 34, INK, heading)
    _line(pdf, font, 86, 26, INK, name)
    _line(pdf, font, 106, 14, SOFT, _("for the work"))
    _line(pdf, font, 118, 20, INK, title)
    top = 138.0
    for line in won[:4]:
        _line(pdf, font, top, 17, INK, line)
        top += 11
    if event.results_at:
        _line(pdf, font, 182, 11, SOFT, event.results_at.strftime("%Y-%m-%d"))
    return bytes(pdf.output())


def _font(pdf: FPDF) -> str:
    for path in FONTS:
        if Path(path).exists():
            pdf.add_font("wide", fname=path)
            return "wide"
    return "helvetica"


def _line(
    pdf: FPDF, font: str, top: float, size: float, color: tuple[int, int, int], text: str
) -> None:
    """Centred, smaller if it would not fit the page."""
    if font == "helvetica":
        text = text.encode("latin-1", "replace").decode("latin-1")
    pdf.set_text_color(*color)
    pdf.set_font(font, size=size)
    while pdf.get_string_width(text) > 250 and size > 7:
        size -= 1
        pdf.set_font(font, size=size)
    pdf.set_xy(17, top)
    pdf.cell(263, 10, text, align="C")
