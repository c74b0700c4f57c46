"""A list of people to invite, as CSV: read whole, every problem named by its line, then sent."""

import csv
import io
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Event, Role, Track

MOST = 2000
BYTES = 2**20
COLUMNS = ("email", "name", "role", "track")


@dataclass
class Line:
    """One person to invite; with problems nobody is."""

    number: int
    email: str = ""
    name: str = ""
    role: str = ""
    track: Track | None = None
    problems: list[str] = field(default_factory=list)


def read(user: User, event: Event, text: str) -> list[Line]:
    """Every line that is not blank, with what is wrong with it. Writes nothing."""
    if len(text.encode()) > BYTES:
        return [Line(1, problems=[_("The list is longer than 1 MB; send it in parts.")])]
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restkey="…", strict=True)
    try:
        lines = _read(user, event, reader)
    except csv.Error as error:
        where = reader.line_num
        return [Line(where, problems=[_("This is not CSV: %(why)s.") % {"why": error}])]
    if len(lines) > MOST:
        return [Line(MOST + 1, problems=[_("More than 2,000 people; send it in parts.")])]
    return lines


def _read(user: User, event: Event, reader: "csv.DictReader[str]") -> list[Line]:
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    wrong = [name for name in names if name not in COLUMNS]
    if "email" not in names or wrong:
        said = _("The first line names the columns: email, and any of name, role, track.")
        return [Line(1, problems=[said])]
    reader.fieldnames = names
    tracks = {track.slug: track for track in event.tracks.all()}
    may = {kind for kind in ("", *Role.Kind.values) if rules.can_give_role(user, event, kind)}
    lines = [_line(reader.line_num, row, tracks, may) for row in reader]
    _find_again(event, lines)
    return lines


def _line(number: int, row: dict[str, str], tracks: dict[str, Track], may: set[str]) -> Line:
    told = {name: (row.get(name) or "").strip() for name in COLUMNS}
    line = Line(number, told["email"].lower(), told["name"], told["role"].lower())
    say = line.problems.append
    if "…" in row:
        say(_("There are more values than columns."))
    try:
        validate_email(line.email)
    except ValidationError:
        say(_("“%(email)s” is not an e-mail address.") % {"email": line.email})
    if len(line.name) > 200:
        say(_("The name is longer than 200 characters."))
    if line.role and line.role not in Role.Kind.values:
        known = ", ".join(Role.Kind.values)
        say(_("“%(role)s” is not a role: %(known)s.") % {"role": line.role, "known": known})
    elif line.role not in may:
        say(_("Only owners invite owners and organizers."))
    line.track = tracks.get(told["track"])
    if told["track"] and line.track is None:
        say(_("There is no category “%(track)s” here.") % {"track": told["track"]})
    elif line.role == Role.Kind.TRACK_LEAD and line.track is None:
        say(_("A category lead needs a category."))
    return line


def _find_again(event: Event, lines: list[Line]) -> None:
    """Whoever is in the list twice, or was invited for the same role before."""
    open_ones = event.invitations.filter(withdrawn_at__isnull=True).exclude(email="")
    before = set(open_ones.values_list("email", "role"))
    first: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.email, line.role)
        if key in first:
            line.problems.append(_("The same as line %(line)d.") % {"line": first[key]})
        elif key in before:
            line.problems.append(_("This person is invited already."))
        first.setdefault(key, line.number)
