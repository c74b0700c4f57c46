"""Submissions from a CSV file, in the columns of the export: read whole with every problem named by
its line, and only then, when there is none, taken in."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Team
from events.rules import can_run
from notices.actions import record
from submissions.entries import authors as people
from submissions.entries.categories import enter
from submissions.entries.entry_types import use_default_types
from submissions.entries.exporting import ANSWER, HEADER, YES
from submissions.entries.forms import SubmissionForm
from submissions.entries.handing_in import hand_in, missing_parts
from submissions.entries.models import EntryType, Label, Submission
from theme.refusal import Refused
from theme.spreadsheet import plain

MOST: Final = 2_000
BYTES: Final = 20 * 2**20
AUTHOR: Final = re.compile(
    r"(?P<name>[^(<]+?)\s*(\((?P<affiliation>.*)\))?\s*(<(?P<email>[^<>]*)>)?$"
)


@dataclass
class Line:
    """One submission to take in; with problems none is."""

    number: int
    title: str = ""
    kind: EntryType | None = None
    team: Team | None = None
    authors: list[dict[str, Any]] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    final: bool = False
    problems: list[str] = field(default_factory=list)


def read(event: Event, text: str) -> list[Line]:
    """Every line that is not blank, with what is wrong with it. Writes nothing."""
    if len(text.encode(errors="replace")) > BYTES:
        return [Line(1, problems=[_("The file is larger than 20 MB; send it in parts.")])]
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restkey="…", strict=True)
    try:
        lines = list(_read(event, reader))
    except csv.Error as error:
        said = _("This is not CSV: %(why)s.") % {"why": error}
        return [Line(reader.line_num, problems=[said])]
    if len(lines) > MOST:
        return [Line(MOST + 1, problems=[_("More than 2,000 submissions; send them in parts.")])]
    _find_again(event, lines)
    return lines


def _read(event: Event, reader: "csv.DictReader[str]") -> Iterator[Line]:
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    unknown = [name for name in names if name not in HEADER and not name.startswith(ANSWER)]
    if "title" not in names or unknown:
        said = _("The first line names the columns: title, and any of %(names)s.")
        said %= {"names": ", ".join(name for name in HEADER if name != "title")}
        yield Line(1, problems=[said])
        return
    reader.fieldnames = names
    types = {kind.slug: kind for kind in use_default_types(None, event)}
    for row in reader:
        told = {name: plain(value or "").strip() for name, value in row.items() if name != "…"}
        line = Line(reader.line_num, told["title"])
        if "…" in row:
            line.problems.append(_("There are more values than columns."))
        line.kind = _kind(types, told.get("type", ""))
        if line.kind is None:
            known = ", ".join(types)
            line.problems.append(_("Name one of the types: %(known)s.") % {"known": known})
        else:
            _fill(line, line.kind, told)
        yield line


def _kind(types: dict[str, EntryType], slug: str) -> EntryType | None:
    """The type of this name; where there is only one, it need not be named."""
    return next(iter(types.values())) if not slug and len(types) == 1 else types.get(slug)


def _fill(line: Line, kind: EntryType, told: Mapping[str, str]) -> None:
    """By the same form that its authors would fill in."""
    form = SubmissionForm(_as_sent(line, kind, told), entry_type=kind)
    form.is_valid()
    line.problems += [f"{label}: {sentence}" for label, sentence in form.said()]
    line.content = form.content() | {"track": form.chosen_track()}
    line.labels = [one.strip()[:40] for one in told.get("labels", "").split(",") if one.strip()]
    _whose(line, kind, told)
    _state(line, form, told.get("state", ""))


def _as_sent(line: Line, kind: EntryType, told: Mapping[str, str]) -> dict[str, Any]:
    """The row as a browser would send the form."""
    tracks = {track.slug: track.pk for track in kind.choosable_tracks()}
    slug = told.get("track", "")
    if slug and slug not in tracks:
        line.problems.append(_("There is no category “%(track)s” here.") % {"track": slug})
    further = [one.strip() for one in told.get("more_tracks", "").split(",") if one.strip()]
    sent = {name: told.get(name, "") for name in Submission.CONTENT}
    answers = {name: value for name, value in told.items() if name.startswith(ANSWER)}
    agreed = told.get("publish", "").lower() in YES
    return sent | answers | {"track": tracks.get(slug), "more_tracks": further, "publish": agreed}


def _whose(line: Line, kind: EntryType, told: Mapping[str, str]) -> None:
    if kind.belongs_to == EntryType.BelongsTo.TEAM:
        name = told.get("team", "")
        line.team = kind.event.teams.filter(name=name).first()
        if not name:
            line.problems.append(_("It belongs to a team: name it in the column “team”."))
        elif line.team is None:
            said = _("There is no team “%(team)s” here; a team is made before its submission.")
            line.problems.append(said % {"team": name})
        return
    parts = [part.strip() for part in told.get("authors", "").split(";") if part.strip()]
    line.authors = [one for part in parts if (one := _author(line, part))]
    most = 1 if kind.belongs_to == EntryType.BelongsTo.PERSON else people.MOST
    if not 1 <= len(line.authors) <= most:
        said = _("Name its authors, %(most)d at most: Name (Affiliation) <address>; …")
        line.problems.append(said % {"most": most})


def _author(line: Line, part: str) -> dict[str, Any] | None:
    found = AUTHOR.match(part)
    told = {name: value or "" for name, value in found.groupdict().items()} if found else {}
    try:
        if not found or any(len(value) > 200 for value in told.values()):
            raise ValidationError("")
        if told["email"]:
            validate_email(told["email"])
    except ValidationError:
        said = _("“%(author)s” is not written as: Name (Affiliation) <address>.")
        line.problems.append(said % {"author": part[:100]})
        return None
    return told | {"presents": False}


def _state(line: Line, form: SubmissionForm, state: str) -> None:
    """Drafts, unless the file says that it is handed in; then it must be complete."""
    line.final = state == Submission.State.SUBMITTED
    if state not in ("", Submission.State.DRAFT, Submission.State.SUBMITTED):
        line.problems.append(_("“state” is draft or submitted."))
    form.instance.entry_type, form.instance.answers = form.entry_type, line.content["answers"]
    missing = missing_parts(form.instance) if line.final and not line.problems else []
    if missing:
        line.problems.append(_("Still missing: %(parts)s.") % {"parts": ", ".join(missing)})


def _find_again(event: Event, lines: list[Line]) -> None:
    """What stands twice in the file, or is here already."""
    there = event.submissions.exclude(state=Submission.State.WITHDRAWN)
    before = set(there.values_list("entry_type_id", "team_id", "title"))
    first: dict[tuple[Any, Any, str], int] = {}
    for line in lines:
        key = (line.kind and line.kind.pk, line.team and line.team.pk, line.title)
        if key in first:
            line.problems.append(_("The same as line %(line)d.") % {"line": first[key]})
        elif key in before:
            line.problems.append(_("This is here already."))
        first.setdefault(key, line.number)


@transaction.atomic
def take_in(user: User, event: Event, lines: list[Line]) -> int:
    """All of a list that has no problem any more, or none; returns how many. The windows, and the
    limits a person or team has, do not hold for the organizers."""
    if not can_run(user, event):
        raise Refused(_("Only organizers take submissions in."), code="submission.not_yours")
    if any(line.problems for line in lines):
        raise Refused(_("Mend the lines that are named first."), code="import.problems")
    for line in lines:
        _take_in(user, event, line)
    record(user, "import", event, count=len(lines))
    return len(lines)


def _take_in(user: User, event: Event, line: Line) -> None:
    content = dict(line.content)
    further = content.pop("more_tracks", ())
    told = {"event": event, "entry_type": line.kind, "team": line.team}
    try:
        with transaction.atomic():
            made = Submission.objects.create(**told, **content)
            enter(made, further)
    except (IntegrityError, Refused):
        raise Refused(
            _("Line %(line)d: this team has a submission there already.") % {"line": line.number},
            code="submission.exists",
        ) from None
    if line.team is None:
        people.write(made, line.authors)
    for name in line.labels:
        Label.objects.get_or_create(event=event, name=name)[0].submissions.add(made)
    record(user, "create_draft", made, imported=True)
    if line.final:
        hand_in(user, made)
