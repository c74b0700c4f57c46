"""What people do with data: hand in a table, say how to read it and what its columns are."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import User
from anomaly.datasets import checking, rules, store
from anomaly.datasets.models import DataLimits, Dataset
from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.formats import said_by
from events.models import Event
from notices.actions import record
from submissions.entries.models import Submission
from submissions.entries.rules import is_author
from theme.disk import StorageFull
from theme.refusal import Refused

logger = logging.getLogger(__name__)


def upload(
    user: User, submission: Submission, *, file: File[bytes], begun_in_time: bool = False
) -> Dataset:
    """Stores the file and adds a row; a small table is read at once: ready, or rejected with a
    sentence. `begun_in_time` says that its sender began before the deadline (B81).

    File first, row second: whatever dies in between leaves nothing but a file without a name.
    """
    refuse_others(user, submission)
    if not begun_in_time:
        refuse_unless_open(user, submission)
    name = store.clean_name(file.name or "")
    refuse_name(name)
    limits = DataLimits.of(submission.event)
    refuse_more(submission, limits)
    return adopt(user, submission, name, _keep(file, limits))


def adopt(user: User, submission: Submission, name: str, stored: store.Stored) -> Dataset:
    """A data set of a file that is in the store already."""
    dataset = accept(user, submission, name, stored)
    if dataset.state == Dataset.State.CHECKING and stored.size <= settings.PODIUM_READ_BYTES:
        checking.read_at_once(dataset)
        dataset.refresh_from_db()
    return dataset


@transaction.atomic
def accept(user: User, submission: Submission, name: str, stored: store.Stored) -> Dataset:
    """A new version that is still to be read, or the last one if this is the same file again. What
    comes after the deadline is kept, and does not count."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related("event", "entry_type")
    found = rows.get(pk=submission.pk)
    refuse_others(user, found)
    last = found.datasets.filter(name=name).order_by("-number").first()
    if last and last.sha256 == stored.sha256:
        return _once_more(last)
    refuse_more(found, DataLimits.of(found.event))
    kept = {"told": last.told, "kinds": last.kinds} if last else {}
    dataset = found.datasets.create(
        name=name,
        number=last.number + 1 if last else 1,
        sha256=stored.sha256,
        size=stored.size,
        state=Dataset.State.CHECKING,
        uploaded_by=user,
        late=not rules.can_upload(user, found),
        **kept,
    )
    record(user, "upload", dataset, sha256=stored.sha256, late=dataset.late)
    return dataset


def _once_more(dataset: Dataset) -> Dataset:
    """The same table again, as a double click sends it. One that was rejected is read once more:
    limits may have changed, or the server was short of memory."""
    if dataset.state == Dataset.State.REJECTED and dataset.asked is None:
        dataset.state, dataset.code, dataset.problem = Dataset.State.CHECKING, "", ""
        dataset.checks, dataset.checked_until = 0, None
        dataset.save(update_fields=["state", "code", "problem", "checks", "checked_until"])
    return dataset


def refuse_others(user: User, submission: Submission) -> None:
    if not is_author(user, submission) or submission.state == Submission.State.WITHDRAWN:
        raise Refused(_("Only the team can hand in its data."), code="dataset.not_yours")


def refuse_unless_open(user: User, submission: Submission) -> None:
    if not is_author(user, submission):
        raise Refused(_("Only the team can hand in its data."), code="dataset.not_yours")
    if not rules.can_upload(user, submission):
        raise Refused(
            _("Submissions are closed, so no data can be handed in or changed any more."),
            code="deadline.passed",
        )


def refuse_name(name: str) -> None:
    """Before anything is sent: a name that says the file cannot be read."""
    try:
        said_by(name)
    except TableError as error:
        raise Refused(str(error), code=error.code) from error


def refuse_more(submission: Submission, limits: DataLimits) -> None:
    if submission.datasets.count() >= limits.datasets:
        raise Refused(
            _("A submission can have %(most)d data sets at most, all versions counted.")
            % {"most": limits.datasets},
            code="dataset.too_many",
        )


def _keep(file: File[bytes], limits: DataLimits) -> store.Stored:
    try:
        return store.keep(file.chunks(), limit=limits.file_bytes)
    except store.TooLarge:
        raise too_large(limits.file_bytes) from None
    except StorageFull:
        raise storage_full() from None


def storage_full() -> Refused:
    logger.error("the storage is full: uploads are refused")
    return Refused(
        _(
            "The storage is full, so the file was not kept; your submission is safe. "
            "Please tell the organizers."
        ),
        code="storage.full",
    )


def too_large(limit: int) -> Refused:
    return Refused(
        _("The file is larger than %(limit)s; send a smaller table.")
        % {"limit": filesizeformat(limit)},
        code="file.too_large",
    )


@transaction.atomic
def choose_roles(
    user: User,
    dataset: Dataset,
    *,
    roles: Mapping[str, str],
    kinds: Mapping[str, str] | None = None,
) -> Dataset:
    """What each column is for, and of which kind; columns not named keep theirs."""
    found = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
    refuse_unless_open(user, found.submission)
    if not rules.can_choose_roles(user, found):
        raise Refused(_("This file is not usable, so it has no roles."), code="dataset.rejected")
    chosen = found.roles | dict(roles)
    _refuse_impossible(found, chosen)
    different = _different_kinds(found, kinds or {})
    if (chosen, different, False) != (found.roles, found.kinds, found.late):
        found.roles, found.kinds, found.late = chosen, different, False  # it is open again
        found.save(update_fields=["roles", "kinds", "late"])
        record(user, "choose_roles", found)
    return found


def _refuse_impossible(dataset: Dataset, roles: dict[str, str]) -> None:
    known = {column["name"] for column in dataset.columns}
    if set(roles) - known or set(roles.values()) - set(Dataset.Role.values):
        raise Refused(_("Choose a role for columns of this table only."), code="roles.unknown")
    given = list(roles.values())
    if given.count(Dataset.Role.LABEL) > 1:
        raise Refused(_("Only one column can be the label."), code="roles.labels")
    if Dataset.Role.FEATURE not in given:
        raise Refused(_("At least one column must be a feature."), code="roles.no_feature")


def _different_kinds(dataset: Dataset, kinds: Mapping[str, str]) -> dict[str, str]:
    """Those that differ from what was found, after the choice."""
    found = {column["name"]: column for column in dataset.profile.get("columns", [])}
    chosen = dataset.kinds | dict(kinds)
    for name, kind in chosen.items():
        if name not in found or kind not in found[name].get("could_be", [found[name]["kind"]]):
            raise Refused(
                _("%(column)s cannot be read as %(kind)s; choose another kind.")
                % {"column": name, "kind": kind},
                code="kinds.impossible",
            )
    return {name: kind for name, kind in chosen.items() if kind != found[name]["kind"]}


def read_again(user: User, dataset: Dataset, *, told: Mapping[str, str]) -> Dataset:
    """Reads the same bytes by what a person says of them: delimiter, encoding, decimal mark, …

    The version stays, as do reports that were made before. A reading that fails changes nothing.
    """
    asked = _ask(user, dataset, {key: value for key, value in told.items() if value})
    if asked.size <= settings.PODIUM_READ_BYTES:
        checking.read_at_once(asked)
        asked.refresh_from_db()
    if asked.answer:
        raise Refused(asked.answer, code="dataset.unreadable")
    return asked


@transaction.atomic
def _ask(user: User, dataset: Dataset, told: dict[str, str]) -> Dataset:
    found = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
    refuse_unless_open(user, found.submission)
    if found.being_read:
        raise Refused(_("The file is being read; wait a moment."), code="dataset.being_read")
    found.asked, found.answer = told, ""
    found.save(update_fields=["asked", "answer"])
    record(user, "read_again", found)
    return found


@transaction.atomic
def set_limits(user: User, event: Event, *, limits: Mapping[str, int]) -> DataLimits:
    """How much the event takes from now on; what was handed in stays."""
    if not rules.can_set_limits(user, event):
        raise Refused(_("Only organizers can change this."), code="limits.not_yours")
    kept, _made = DataLimits.objects.update_or_create(event=event, defaults=dict(limits))
    record(user, "set_data_limits", event, **limits)
    return kept
