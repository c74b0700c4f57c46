"""Files of a submission: pictures are drawn anew, documents checked; all lie under their hash."""

import errno
import hashlib
import io
import json
import warnings
import zipfile
from pathlib import PurePath
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from accounts.models import User
from notices.actions import record
from submissions.entries.handing_in import hand_in
from submissions.entries.locking import locked
from submissions.entries.models import Attachment, Submission
from theme.refusal import Refused

MOST: Final = 12
LARGEST: Final = 25 * 2**20
PIXELS: Final = 40_000_000
SIDE: Final = 2_000  # the longer side of a picture as it is kept
UNZIPPED: Final = 500 * 2**20
FORBIDDEN: Final = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/RichMedia", "/XFA")


def place(sha256: str) -> str:
    return f"entries/{sha256[:2]}/{sha256}"


@transaction.atomic
def attach(
    user: User, submission: Submission, *, file: "UploadedFile[Any]", caption: str = ""
) -> Attachment:
    """Keeps a picture, PDF, ZIP or notebook; Refused with what is wrong with it."""
    found = locked(user, submission)
    if found.attachments.count() >= MOST:
        raise Refused(_("%(most)d files are the most.") % {"most": MOST}, code="file.too_many")
    content = _read(file)
    kind, kept = _made_safe(content)
    digest = hashlib.sha256(kept).hexdigest()
    _store(digest, kept)
    told = {
        "kind": kind,
        "name": _name(file.name or "", _ending(kind, kept)),
        "caption": caption[:200],
    }
    try:
        with transaction.atomic():
            made = found.attachments.create(**told, sha256=digest, size=len(kept), added_by=user)
    except IntegrityError:
        raise Refused(_("This file is there already."), code="file.twice") from None
    record(user, "attach", found, file=str(made.pk), sha256=digest)
    _hand_in_again(user, found)
    return made


@transaction.atomic
def detach(user: User, attachment: Attachment) -> None:
    found = locked(user, attachment.submission)
    record(user, "detach", found, file=str(attachment.pk), sha256=attachment.sha256)
    attachment.delete()
    _hand_in_again(user, found)


def _hand_in_again(user: User, found: Submission) -> None:
    """Of what is handed in, the files judges see are those of a version with a receipt."""
    if found.state == Submission.State.SUBMITTED:
        hand_in(user, found)


def _read(file: "UploadedFile[Any]") -> bytes:
    if not file.size:
        raise Refused(_("This file is empty."), code="file.empty")
    if file.size > LARGEST:
        raise Refused(_("25 MB are the most for a file."), code="file.too_large")
    return bytes(file.read())


def _ending(kind: str, kept: bytes) -> str:
    return ".jpg" if kept.startswith(b"\xff\xd8\xff") else ENDING[kind]


def _name(name: str, ending: str) -> str:
    """The last part of the name, with the ending of what the file is now."""
    stem = PurePath(name.replace("\\", "/")).stem
    clean = "".join(c for c in stem if c.isprintable() and c not in '<>:"/|?*').strip(" .")
    return f"{(clean or 'file')[:100]}{ending}"


def _store(sha256: str, content: bytes) -> None:
    """Under its hash, once. Raises Refused where the storage is full (F34)."""
    if default_storage.exists(place(sha256)):
        return
    try:
        default_storage.save(place(sha256), ContentFile(content))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refused(
            _(
                "The storage is full, so the file was not kept; your submission is safe. "
                "Please tell the organizers."
            ),
            code="storage.full",
        ) from None


def _made_safe(content: bytes) -> tuple[str, bytes]:
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
        writer.metadata = None
        writer.root_object.pop("/Metadata", None)
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
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("cells"), list):
        raise Refused(_("This is no Jupyter notebook."), code="notebook.broken")
    return content


ENDING: Final[dict[str, str]] = {
    Attachment.Kind.PDF: ".pdf",
    Attachment.Kind.ZIP: ".zip",
    Attachment.Kind.NOTEBOOK: ".ipynb",
    Attachment.Kind.IMAGE: ".png",
}
