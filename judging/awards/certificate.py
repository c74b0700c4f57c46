"""A certificate as PDF, one landscape page of A4."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from events.models import Event
from events.papers import Sheet, sheet

Color = tuple[int, int, int]
INK, SOFT, ACCENT = (24, 26, 32), (92, 96, 108), (232, 163, 23)


def certificate_pdf(event: Event, name: str, title: str, won: Sequence[str]) -> bytes:
    """`won`: each place or prize in words; none: it says that the person took part.

    Raises Refused where no font of the machine has the letters of a name.
    """
    with sheet("landscape") as paper:
        paper.set_title(f"{event.name}: {name}")
        paper.add_page()
        paper.set_draw_color(*ACCENT)
        paper.set_line_width(1.2)
        paper.rect(12, 12, 273, 186)
        _line(paper, 38, 15, SOFT, event.name)
        _line(paper, 56, 34, INK, _("Certificate") if won else _("Certificate of participation"))
        _line(paper, 86, 26, INK, name)
        _line(paper, 106, 14, SOFT, _("for the work"))
        _line(paper, 118, 20, INK, title)
        for number, line in enumerate(won[:4]):
            _line(paper, 138 + 11 * number, 17, INK, line)
        if event.results_at:
            _line(paper, 182, 11, SOFT, event.results_at.strftime("%Y-%m-%d"))
        return bytes(paper.output())


def _line(paper: Sheet, top: float, size: float, color: Color, text: str) -> None:
    paper.set_text_color(*color)
    paper.write_line(text, x=17, y=top, width=263, size=size)
