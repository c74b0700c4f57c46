"""Slides of a talk and sheets of a poster, sent by who presents them, before a date."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from notices.actions import record
from submissions.programme import rules, sheets
from submissions.programme.actions.hall import touch
from submissions.programme.models import Document, Poster, Session
from theme.refusal import Refused

LONGEST_NAME = 120


def upload(
    user: User | None, thing: Session | Poster, *, file: "File[bytes]", name: str
) -> Document:
    """Keeps the file in place of an earlier one. Raises Refused with what is wrong with it.

    Drawing takes a second or more, so it is done before the transaction begins.
    """
    _refuse_upload(user, thing)
    kind = "poster" if isinstance(thing, Poster) else "slides"
    name = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    name = name[-LONGEST_NAME:] or f"{kind}.pdf"
    sheet = sheets.keep(file, name=name, kind=kind)
    with transaction.atomic():
        own = {"poster" if isinstance(thing, Poster) else "session": thing}
        Document.objects.filter(**own).delete()
        made = Document.objects.create(
            **own,
            name=name,
            media_type=sheet.media_type,
            sha256=sheet.sha256,
            size=sheet.size,
            pages=sheet.pages,
            uploaded_by=user,
        )
        record(user, "upload", thing, name=name, sha256=sheet.sha256, size=sheet.size)
        if isinstance(thing, Poster):
            touch(thing)
    return made


def _refuse_upload(user: User | None, thing: Session | Poster) -> None:
    if user is None or rules.can_edit(user, thing.event):
        return
    if not rules.is_contributor(user, thing):
        raise Refused(_("Only who presents it can send it."), code="document.not_yours")
    if not rules.may_upload(rules.programme_of(thing.event)):
        raise Refused(
            _("The date for slides and posters has passed; send it to the organizers."),
            code="document.late",
        )
