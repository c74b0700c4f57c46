"""Files of a submission: added, removed; what is handed in keeps them in its versions."""

import hashlib
from pathlib import PurePath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from notices.actions import record
from submissions.entries import storing
from submissions.entries.cleaning import made_safe
from submissions.entries.handing_in import hand_in
from submissions.entries.locking import locked
from submissions.entries.models import Attachment, Submission
from theme.refusal import Refused

MOST: Final = 12
LARGEST: Final = 25 * 2**20
ENDING: Final[dict[str, str]] = {
    Attachment.Kind.PDF: ".pdf",
    Attachment.Kind.ZIP: ".zip",
    Attachment.Kind.NOTEBOOK: ".ipynb",
    Attachment.Kind.IMAGE: ".png",
}


@transaction.atomic
def attach(
    user: User, submission: Submission, *, file: "UploadedFile[Any]", caption: str = ""
) -> Attachment:
    """Keeps a picture, PDF, ZIP or notebook; Refused with what is wrong with it. The same bytes
    again are the same file: a request that is repeated makes one row (F32)."""
    found = locked(user, submission)
    content = _read(file)
    kind, kept = made_safe(content)
    digest = hashlib.sha256(kept).hexdigest()
    if there := found.attachments.filter(sha256=digest).first():
        return there
    if found.attachments.count() >= MOST:
        raise Refused(_("%(most)d files are the most.") % {"most": MOST}, code="file.too_many")
    storing.keep(digest, kept)
    told = {
        "kind": kind,
        "name": _name(file.name or "", _ending(kind, kept)),
        "caption": caption[:200],
    }
    made = found.attachments.create(**told, sha256=digest, size=len(kept), added_by=user)
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
