"""What people do with data: hand in a table, say how to read it and what its columns are."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.files import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import User
from anomaly.datasets import rules, store
from anomaly.datasets.inspection import Understood, inspect
from anomaly.datasets.models import DataLimits, Dataset
from anomaly.datasets.turns import turn
from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.formats import said_by
from events.models import Event
from notices.actions import record
from submissions.entries.models import Submission
from submissions.entries.rules import is_author
from theme.refusal import Refused

logger = logging.getLogger(__name__)


def upload(user: User, submission: Submission, *, file: File[bytes]) -> Dataset:
    """Stores the file, has it read in a child process, and adds a row: ready, or rejected with a
    sentence.

    File first, row second: whatever dies in between leaves nothing but a file without a name.
    """
    refuse_unless_open(user, submission)
    name = store.clean_name(file.name or "")
    refuse_name(name)
    limits = DataLimits.of(submission.event)
    refuse_more(submission, limits)
    return adopt(user, submission, name, _keep(file, limits))


def adopt(user: User, submission: Submission, name: str, stored: store.Stored) -> Dataset:
    """A data set of a file that is in the store already."""
    last = submission.datasets.filter(name=name).order_by("-number").first()
    if last and last.sha256 == stored.sha256 and last.state == Dataset.State.READY:
        return last  # the same table again, as a double click sends it
    kept = _still_told(last)
    understood = read(stored.sha256, name, submission.event, **kept)
    return _add(user, submission, name, stored, understood)


def _still_told(last: Dataset | None) -> dict[str, dict[str, str]]:
    """What a person said of the version before holds for the next one."""
    return {"told": last.told, "kinds": last.kinds} if last else {}


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
    except store.StorageFull:
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


def read(
    sha256: str,
    name: str,
    event: Event,
    *,
    told: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
) -> Understood:
    """What is in a stored file, found out by a child process within the event's limits."""
    limits = DataLimits.of(event).reading
    try:
        with turn():
            return inspect(store.place(sha256), name, told=told, kinds=kinds, limits=limits)
    except OSError:  # no turn, or no child could be started: that says nothing of the file
        logger.exception("a table cannot be read")
        raise Refused(
            _("The server has no room to read a table at the moment; send it again in a minute."),
            code="storage.full",
        ) from None


@transaction.atomic
def _add(
    user: User, submission: Submission, name: str, stored: store.Stored, understood: Understood
) -> Dataset:
    found = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    refuse_unless_open(user, found)
    last = found.datasets.filter(name=name).order_by("-number").first()
    outcome = understood.get("sentence", "")
    if last and (last.sha256, last.problem) == (stored.sha256, outcome):
        return last  # the same file again, with nothing new to say of it
    refuse_more(found, DataLimits.of(found.event))
    dataset = found.datasets.create(
        name=name,
        number=last.number + 1 if last else 1,
        sha256=stored.sha256,
        size=stored.size,
        uploaded_by=user,
        **_as_understood(understood, last),
    )
    record(user, "upload", dataset, sha256=stored.sha256, state=dataset.state)
    return dataset


def _as_understood(understood: Understood, last: Dataset | None) -> dict[str, Any]:
    """The fields that say what was understood, with what a person said before."""
    profile = understood.get("profile", {})
    return {
        "state": Dataset.State.READY if profile else Dataset.State.REJECTED,
        "code": understood.get("code", ""),
        "problem": understood.get("sentence", ""),
        "profile": profile,
        "roles": _first_roles(profile, last),
        "kinds": _kept_kinds(profile, last),
        "told": last.told if last else {},
    }


def _first_roles(profile: Understood, last: Dataset | None) -> dict[str, str]:
    """The guessed roles; what a person said of the version before is kept, if it still can be."""
    guessed = {column["name"]: column["role"] for column in profile.get("columns", [])}
    before = {n: role for n, role in (last.roles if last else {}).items() if n in guessed}
    if Dataset.Role.LABEL in before.values():  # then a new column is not guessed to be one
        other = {Dataset.Role.LABEL.value: Dataset.Role.IGNORE.value}
        guessed = {name: other.get(role, role) for name, role in guessed.items()}
    roles = guessed | before
    return roles if Dataset.Role.FEATURE in roles.values() else guessed


def _kept_kinds(profile: Understood, last: Dataset | None) -> dict[str, str]:
    possible = {c["name"]: c.get("could_be", []) for c in profile.get("columns", [])}
    before = last.kinds if last else {}
    return {name: kind for name, kind in before.items() if kind in possible.get(name, [])}


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
    if (chosen, different) != (found.roles, found.kinds):
        found.roles, found.kinds = chosen, different
        found.save(update_fields=["roles", "kinds"])
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
    refuse_unless_open(user, dataset.submission)
    given = {key: value for key, value in told.items() if value}
    understood = read(dataset.sha256, dataset.name, dataset.event, told=given)
    if "profile" not in understood:
        raise Refused(understood["sentence"], code=understood["code"])
    with transaction.atomic():
        found = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
        refuse_unless_open(user, found.submission)
        for field, value in (_as_understood(understood, found) | {"told": given}).items():
            setattr(found, field, value)
        found.save()
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
