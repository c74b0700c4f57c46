import errno
import os
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from anomaly.datasets import actions, checking, store, turns
from anomaly.datasets.models import DataLimits, Dataset
from events.models import Phase
from notices.models import AuditEntry
from tests.anomaly.conftest import small_table, table_file, with_content
from tests.conftest import close_phase
from theme.refusal import Refused


def test_upload_keeps_the_file_and_says_what_it_holds(author, draft):
    dataset = actions.upload(author, draft, file=table_file(label=True))
    assert dataset.state == Dataset.State.READY
    assert dataset.path.read_text() == small_table(label=True)
    assert dataset.profile["rows"] == 60
    assert dataset.roles == {"x": "feature", "y": "feature", "odd": "feature"}
    assert AuditEntry.objects.filter(verb="upload", thing_id=str(dataset.pk)).count() == 1


def test_upload_of_the_same_again_changes_nothing(author, draft, dataset):
    again = actions.upload(author, draft, file=table_file())
    assert again == dataset
    assert draft.datasets.count() == 1


def test_upload_of_another_content_is_a_new_version_with_the_roles_of_the_last(
    author, draft, dataset
):
    actions.choose_roles(author, dataset, roles={"x": "ignore"})
    newer = actions.upload(author, draft, file=table_file(seed=1))
    assert (newer.number, newer.roles) == (2, {"x": "ignore", "y": "feature"})
    dataset.refresh_from_db()
    assert dataset.path.read_text() == small_table()


def test_rejected_file_keeps_its_row_and_changes_nothing_else(author, draft, dataset):
    rejected = actions.upload(author, draft, file=table_file(text="x,y\n1\n1,2,3\n"))
    assert rejected.state == Dataset.State.REJECTED
    assert rejected.code == "table.ragged"
    assert "Line 2 of sensors.csv has 1 cell" in rejected.problem
    dataset.refresh_from_db()
    assert (dataset.state, dataset.number) == (Dataset.State.READY, 1)


def test_upload_after_the_deadline_is_refused_and_keeps_nothing(author, draft, event):
    close_phase(event, Phase.Kind.SUBMISSION)
    with pytest.raises(Refused) as refused:
        actions.upload(author, draft, file=table_file())
    assert refused.value.code == "deadline.passed"
    assert not Dataset.objects.exists()
    assert not [path for path in store.root().rglob("*") if path.is_file()]


@pytest.mark.parametrize("person", ["rival", "judge", "organizer", "stranger"])
def test_upload_by_others_is_refused(person, submission, request):
    with pytest.raises(Refused) as refused:
        actions.upload(request.getfixturevalue(person), submission, file=table_file())
    assert refused.value.code == "dataset.not_yours"


def test_upload_beyond_the_limit_is_refused(author, draft, settings):
    settings.PODIUM_UPLOAD_BYTES = 100
    with pytest.raises(Refused, match="larger than 100"):
        actions.upload(author, draft, file=table_file())


def test_more_versions_than_allowed_are_refused(author, draft, dataset):
    DataLimits.objects.create(event=draft.event, datasets=1)
    with pytest.raises(Refused) as refused:
        actions.upload(author, draft, file=table_file(seed=1))
    assert refused.value.code == "dataset.too_many"


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ({"x": "label", "y": "label"}, "roles.labels"),
        ({"x": "ignore", "y": "ignore"}, "roles.no_feature"),
        ({"z": "feature"}, "roles.unknown"),
        ({"x": "king"}, "roles.unknown"),
    ],
)
def test_impossible_roles_are_refused(author, dataset, roles, code):
    with pytest.raises(Refused) as refused:
        actions.choose_roles(author, dataset, roles=roles)
    assert refused.value.code == code
    dataset.refresh_from_db()
    assert dataset.roles == {"x": "feature", "y": "feature"}


def test_database_refuses_a_rejected_file_without_a_sentence(dataset):
    with pytest.raises(IntegrityError), transaction.atomic():
        Dataset.objects.filter(pk=dataset.pk).update(state="rejected")


def test_database_refuses_a_version_twice(dataset):
    dataset.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        dataset.save(force_insert=True)


def again(author, draft, understood, *columns):
    """A newer version of sensors.csv, with these columns (name, guessed role)."""
    kind = understood["profile"]["columns"][0]
    told = [{**kind, "name": name, "role": role} for name, role in columns]
    stored = store.keep([small_table(seed=2).encode()], limit=10_000)
    profile = {"profile": {**understood["profile"], "columns": told}}
    return with_content(author, draft, "sensors.csv", stored, profile)


def test_newer_version_keeps_the_chosen_label_and_guesses_no_second(
    author, draft, dataset, understood
):
    actions.choose_roles(author, dataset, roles={"y": "label"})
    newer = again(author, draft, understood, ("x", "feature"), ("y", "feature"), ("class", "label"))
    assert newer.roles == {"x": "feature", "y": "label", "class": "ignore"}


def test_newer_version_without_any_feature_left_is_guessed_anew(author, draft, dataset, understood):
    actions.choose_roles(author, dataset, roles={"y": "ignore"})
    assert again(author, draft, understood, ("y", "feature")).roles == {"y": "feature"}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EAGAIN, errno.ENOMEM])
def test_server_without_room_for_a_child_keeps_the_file_and_blames_no_table(
    author, draft, monkeypatch, number
):
    def no_room(*_arguments, **_options):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as full:
        full.setattr("subprocess.Popen", no_room)
        dataset = actions.upload(author, draft, file=table_file())
    assert (dataset.state, dataset.checks) == ("checking", 0)
    assert not checking.read_next(), "not at once"
    Dataset.objects.update(checked_until=Now() - checking.SLACK)
    assert checking.read_next()
    dataset.refresh_from_db()
    assert dataset.state == "ready"


def test_tables_are_read_in_turn_and_nobody_waits_for_ever(author, draft, settings, monkeypatch):
    settings.PODIUM_READERS = 1
    monkeypatch.setattr(checking, "turn", partial(turns.turn, 0.3))
    with turns.turn():
        dataset = actions.upload(author, draft, file=table_file())
        assert dataset.state == "checking"
    assert actions.upload(author, draft, file=table_file()) == dataset
    dataset.refresh_from_db()
    assert dataset.state == "ready"
