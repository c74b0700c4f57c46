"""The gallery: what is in it, in which order, and the picture of a page that is shared."""

import hashlib
import io
import textwrap
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from unicodedata import east_asian_width

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from events.fonts import fonts
from events.models import Event
from events.rules import can_run
from notices.actions import record
from submissions.entries.models import Gallery, Submission, SubmissionQuerySet, Tool
from submissions.entries.reading import words
from theme.refusal import Refused


def shown(event: Event) -> SubmissionQuerySet:
    return Submission.objects.public().filter(event=event)


def shuffled(found: Iterable[Submission], seed: str) -> list[Submission]:
    """In an order that is each visitor's own, and stays the same from page to page: nobody is first
    because of a name or of having been early."""
    return sorted(found, key=lambda one: hashlib.sha256(f"{seed}:{one.pk}".encode()).hexdigest())


def note_tools(submission: Submission) -> None:
    """Keeps what it is built with in rows, to filter by."""
    named = {
        slugify(one, allow_unicode=True)[:60]: one[:60] for one in words(submission.built_with)
    }
    submission.tools.all().delete()
    Tool.objects.bulk_create(
        Tool(submission=submission, slug=slug, name=name) for slug, name in named.items() if slug
    )


@transaction.atomic
def set_gallery(user: User, event: Event, **told: object) -> Gallery:
    if not can_run(user, event):
        raise Refused(_("Only organizers open the gallery."), code="gallery.not_yours")
    gallery, _made = Gallery.objects.update_or_create(event=event, defaults=told)
    record(user, "set_gallery", event, **{name: str(value) for name, value in told.items()})
    return gallery


INK, PAPER, MARIGOLD = "#16202f", "#f5f6f8", "#f5a800"


@lru_cache(maxsize=256)
def picture(title: str, below: str, event: str) -> bytes:
    """A PNG of 1200 x 630 pixels that other sites show beside a link (Open Graph)."""
    image = Image.new("RGB", (1200, 630), INK)
    draw = ImageDraw.Draw(image)
    for left, height in ((80, 60), (150, 110), (220, 40)):
        draw.rectangle((left, 190 - height, left + 56, 190), fill=MARIGOLD)
    name = _font_for(title + below + event)
    _write(draw, 230, title, name, 68, PAPER, width=26, most=3)
    _write(draw, 480, below, name, 34, MARIGOLD, width=54, most=1)
    _write(draw, 540, event, name, 34, PAPER, width=54, most=1)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font_for(text: str) -> Path | None:
    """Pillow's own font, None, knows ASCII only; else the first of the machine's that has it all,
    or that has most of it."""
    if text.isascii() or not (found := fonts()):
        return None
    return min(found, key=lambda path: _missing(ImageFont.truetype(path, 20), text))


def _missing(font: ImageFont.FreeTypeFont, text: str) -> int:
    """How many letters it draws as it draws what is no letter at all."""
    nothing = bytes(font.getmask("\ufffe"))
    return sum(bytes(font.getmask(letter)) == nothing for letter in {*text})


def _write(
    draw: ImageDraw.ImageDraw,
    top: int,
    text: str,
    name: Path | None,
    size: int,
    colour: str,
    *,
    width: int,
    most: int,
) -> None:
    font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    if any(east_asian_width(letter) in "WF" for letter in text):
        width //= 2  # each letter takes the room of two
    lines = textwrap.wrap(text, width, max_lines=most, placeholder="...")
    for number, line in enumerate(lines):
        draw.text((80, top + number * size * 1.15), line, font=font, fill=colour)
