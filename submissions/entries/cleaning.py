"""Bytes that somebody sent, made safe to hand to others; by what they are, not by their names.

Pictures are drawn anew, PDFs and notebooks written anew without what tells who made them; a ZIP is
looked at, and kept as it is.
"""

import io
import json
import warnings
import zipfile
from typing import Any, Final

from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from submissions.entries.models import Attachment
from theme.refusal import Refused

PIXELS: Final = 40_000_000
SIDE: Final = 2_000  # the longer side of a picture as it is kept
UNZIPPED: Final = 500 * 2**20
FORBIDDEN: Final = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/RichMedia", "/XFA")
# Beside a PDF's own metadata: what pictures and pages in it carry, and who wrote a comment.
TELLING: Final = ("/Metadata", "/PieceInfo", "/LastModified")


def made_safe(content: bytes) -> tuple[str, bytes]:
    """By what the bytes are, whatever the name says; a file of two kinds is the first, and loses
    the other, because pictures and PDFs are written anew (B50, B51)."""
    if content.startswith(b"%PDF-"):
        return Attachment.Kind.PDF, _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return Attachment.Kind.ZIP, _zip(content)
    if content.lstrip()[:1] == b"{":
        return Attachment.Kind.NOTEBOOK, _notebook(content)
    return Attachment.Kind.IMAGE, picture(content)


def picture(content: bytes) -> bytes:
    """The first frame as a PNG or JPEG of our own, without metadata, 2,000 pixels at most."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "GIF", "WEBP"])
        if image.width * image.height > PIXELS:
            raise Refused(
                _("This picture has more than 40 million pixels; make it smaller."),
                code="image.too_large",
            )
        image.seek(0)
        drawn = ImageOps.exif_transpose(image)
        drawn.thumbnail((SIDE, SIDE))
        return _encoded(drawn)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused(
            _("Use a picture (PNG, JPEG, GIF, WebP), a PDF, a ZIP or a notebook."),
            code="file.unknown",
        ) from None


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    clear = (
        image.mode in ("RGBA", "LA", "P") and "transparency" in image.info
    ) or "A" in image.mode
    if clear:
        fresh = Image.new("RGBA", image.size)
        fresh.paste(image.convert("RGBA"))
        fresh.save(out, "PNG", optimize=True)
    else:
        fresh = Image.new("RGB", image.size)
        fresh.paste(image.convert("RGB"))
        fresh.save(out, "JPEG", quality=88)
    return out.getvalue()


def _pdf(content: bytes) -> bytes:
    """The same pages without metadata; Refused if it does something when it is opened."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refused(_("This PDF has a password; save it without."), code="pdf.encrypted")
        writer = PdfWriter(clone_from=reader)
        _forget(writer)
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, KeyError, RecursionError, TypeError, AttributeError):
        raise Refused(_("This PDF cannot be read; save it again."), code="pdf.broken") from None
    if _acts(writer):
        raise Refused(
            _("This PDF does things when it is opened; print it into a new PDF."),
            code="pdf.active",
        )
    return out.getvalue()


def _forget(writer: PdfWriter) -> None:
    """Takes what tells who made it from the document, its pages, pictures and comments."""
    writer.metadata = None
    for one in writer._objects:
        for name in TELLING:
            if isinstance(one, dict):
                one.pop(name, None)
    for page in writer.pages:
        for comment in page.annotations or ():
            comment.get_object().pop("/T", None)
    # What nothing points at any more would be written, too.
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)


def _acts(writer: PdfWriter) -> bool:
    """Scripts, launches and files inside, wherever they hang."""
    objects: list[Any] = [one for one in writer._objects if isinstance(one, dict)]
    actions = [one for one in objects if str(one.get("/S")) in FORBIDDEN]
    return bool(actions) or any(name in one for one in objects for name in (*FORBIDDEN, "/AA"))


def _zip(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refused(_("This ZIP cannot be read; pack it again."), code="zip.broken") from None
    if sum(one.file_size for one in inside) > UNZIPPED or len(inside) > 10_000:
        raise Refused(_("This ZIP holds too much."), code="zip.too_large")
    if any(one.filename.startswith("/") or ".." in one.filename.split("/") for one in inside):
        raise Refused(_("This ZIP names places outside itself."), code="zip.outside")
    return content


def _notebook(content: bytes) -> bytes:
    try:
        told = json.loads(content)
        if not isinstance(told.get("cells"), list):
            raise ValueError
        written = json.dumps(_without_traces(told), ensure_ascii=False)
    except (ValueError, RecursionError):
        raise Refused(_("This is no Jupyter notebook."), code="notebook.broken") from None
    return written.encode(errors="replace")  # half of a surrogate pair is no text


def _without_traces(told: dict[str, Any]) -> dict[str, Any]:
    """Its authors, the paths of its kernel and what tools noted on cells stand in metadata, of
    which only the language is kept."""
    noted = told.get("metadata")
    info = noted.get("language_info") if isinstance(noted, dict) else None
    name = info.get("name") if isinstance(info, dict) else None
    kept = {"language_info": {"name": name}} if isinstance(name, str) else {}
    cells = [one | {"metadata": {}} if isinstance(one, dict) else one for one in told["cells"]]
    return told | {"metadata": kept, "cells": cells}
