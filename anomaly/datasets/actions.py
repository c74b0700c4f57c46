"""What people do with data: hand in a table, say what its columns are."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import User
from anomaly.datasets import rules, store
from anomaly.datasets.inspection import Understood, inspect
from anomaly.datasets.models import Dataset
from notices.actions import record
from submissions.entries.models import Submission
from submissions.entries.rules import is_author
from theme.refusal import Refused

logger = logging.getLogger(__name__)

MOST_DATASETS = 50  # versions of one submission


def upload(user: User, submission: Submission, *, file: File[bytes]) -> Dataset:
    """Stores the file, has it read in a child process, and adds a row: ready, or rejected with a
    sentence.

    File first, row second: whatever dies in between leaves nothing but a file without a name.
    """
    _refuse_unless_open(user, submission)
    stored = _keep(file)
    name = store.clean_name(file.name or "")
    return _add(user, submission, name, stored, _read(stored, name))


def _refuse_unless_open(user: User, submission: Submission) -> None:
    if not is_author(user, submission):
        raise Refused(_("Only the team can hand in its data."), code="dataset.not_yours")
    if not rules.can_upload(user, submission):
        raise Refused(
            _("Submissions are closed, so no data can be handed in or changed any more."),
            code="deadline.passed",
        )


def _keep(file: File[bytes]) -> store.Stored:
    try:
        return store.keep(file.chunks(), limit=settings.PODIUM_UPLOAD_BYTES)
    except store.TooLarge:
        raise too_large() from None
    except store.StorageFull:
        raise Refused(
            _("The storage is full, so the file was not kept; please tell the organizers."),
            code="storage.full",
        ) from None


def _read(stored: store.Stored, name: str) -> Understood:
    try:
        return inspect(store.place(stored.sha256), name)
    except OSError:  # no child could be started: that says nothing of the file
        logger.exception("a table cannot be read")
        raise Refused(
            _("The server has no room to read a table at the moment; send it again in a minute."),
            code="storage.full",
        ) from None


def too_large() -> Refused:
    return Refused(
        _("The file is larger than %(limit)s; send a smaller table.")
        % {"limit": filesizeformat(settings.PODIUM_UPLOAD_BYTES)},
        code="file.too_large",
    )


@transaction.atomic
def _add(
    user: User, submission: Submission, name: str, stored: store.Stored, understood: Understood
) -> Dataset:
    found = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    _refuse_unless_open(user, found)
    last = found.datasets.filter(name=name).order_by("-number").first()
    if last and last.sha256 == stored.sha256 and last.state == Dataset.State.READY:
        return last  # the same table again, as a double click sends it
    if found.datasets.count() >= MOST_DATASETS:
        raise Refused(
            _("A submission can have %(most)d data sets at most, all versions counted.")
            % {"most": MOST_DATASETS},
            code="dataset.too_many",
        )
    profile = understood.get("profile", {})
    dataset = found.datasets.create(
        name=name,
        number=last.number + 1 if last else 1,
        sha256=stored.sha256,
        size=stored.size,
        state=Dataset.State.READY if profile else Dataset.State.REJECTED,
        code=understood.get("code", ""),
        problem=understood.get("sentence", ""),
        profile=profile,
        roles=_first_roles(profile, last),
        uploaded_by=user,
    )
    record(user, "upload", dataset, sha256=stored.sha256, state=dataset.state)
    return dataset


def _first_roles(profile: Understood, last: Dataset | None) -> dict[str, str]:
    """The guessed roles; what a person said of the version before is kept, if it still can be."""
    guessed = {column["name"]: column["role"] for column in profile.get("columns", [])}
    before = {n: role for n, role in (last.roles if last else {}).items() if n in guessed}
    if Dataset.Role.LABEL in before.values():  # then a new column is not guessed to be one
        other = {Dataset.Role.LABEL.value: Dataset.Role.IGNORE.value}
        guessed = {name: other.get(role, role) for name, role in guessed.items()}
    roles = guessed | before
    return roles if Dataset.Role.FEATURE in roles.values() else guessed


@transaction.atomic
def choose_roles(user: User, dataset: Dataset, *, roles: dict[str, str]) -> Dataset:
    """What each column is; columns not named keep their role."""
    found = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
    _refuse_unless_open(user, found.submission)
    if not rules.can_choose_roles(user, found):
        raise Refused(_("This file is not usable, so it has no roles."), code="dataset.rejected")
    chosen = found.roles | roles
    _refuse_impossible(found, chosen)
    if chosen != found.roles:
        found.roles = chosen
        found.save(update_fields=["roles"])
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
