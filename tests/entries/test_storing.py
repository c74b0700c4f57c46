"""Files of submissions, and what befalls a server while it keeps one (F30 to F34). Another process,
which really is killed, writes them; where a guard is taken off, the damage is seen."""

import errno
import hashlib
import os
import signal
import warnings

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from notices.models import Mail
from submissions.entries import actions, storing
from submissions.entries.cleaning import made_safe
from submissions.entries.models import Attachment

BOOK = b'{"cells": [], "metadata": {}}'
NAME = hashlib.sha256(made_safe(BOOK)[1]).hexdigest()
HALF = len(BOOK) // 2


def book() -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.ipynb", BOOK)


def die(*_told) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def torn(descriptor) -> None:
    """Half of the bytes are on the disk."""
    os.ftruncate(descriptor, HALF)
    die()


def killed(keep=lambda: storing.keep(NAME, BOOK), **at) -> None:
    """A process that keeps the file and is killed: in `fsync`, or in `on_commit`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads
        child = os.fork()
    if child == 0:
        os.fsync = at.get("fsync", os.fsync)
        transaction.on_commit = at.get("on_commit", transaction.on_commit)
        try:
            keep()
        finally:
            die()
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def parts() -> list:
    return [*storing.root().glob("*.part")]


def sweep_later() -> None:
    for path in [*parts(), storing.place(NAME)]:
        if path.exists():
            os.utime(path, (0, 0))
    storing.sweep()


def test_kill_in_the_middle_of_a_file_leaves_nothing_that_is_taken_for_it(author, draft):
    """F30."""
    killed(fsync=torn)
    assert not storing.place(NAME).exists()
    assert [part.stat().st_size for part in parts()] == [HALF]
    storing.sweep()
    assert len(parts()) == 1  # it is young: somebody may still be writing it
    made = actions.attach(author, draft, file=book())
    assert (made.sha256, draft.attachments.count()) == (NAME, 1)
    sweep_later()
    assert parts() == []
    assert hashlib.sha256(storing.place(NAME).read_bytes()).hexdigest() == NAME


def test_kill_while_it_writes_in_place_would_serve_half_a_file(author, draft):
    """F30, negative control: without the part, what lies there is believed."""

    def in_place() -> None:
        storing.place(NAME).parent.mkdir(parents=True)
        storing.place(NAME).write_bytes(BOOK[:HALF])

    killed(in_place)
    actions.attach(author, draft, file=book())
    assert storing.place(NAME).read_bytes() == BOOK[:HALF]


def test_kill_between_file_and_row_leaves_what_is_swept(author, draft):
    """F31."""
    killed(on_commit=die)
    assert storing.place(NAME).exists()
    assert not Attachment.objects.exists()
    sweep_later()
    assert not storing.place(NAME).exists()
    assert parts() == []


def test_kill_between_file_and_row_and_again_gives_one_row_that_is_swept_around(author, draft):
    """F31: the same bytes have the same place, and what a row names stays."""
    killed(on_commit=die)
    actions.attach(author, draft, file=book())
    sweep_later()
    assert (draft.attachments.count(), parts()) == (1, [])
    assert storing.place(NAME).exists()


def test_file_that_only_a_version_names_is_kept_and_is_lost_without_asking(
    monkeypatch, author, submission
):
    """F31, negative control: a sweep that asks for no names takes what a receipt stands for."""
    made = actions.attach(author, submission, file=book())
    actions.detach(author, made)
    sweep_later()
    assert storing.place(NAME).exists()
    killed(on_commit=die)
    monkeypatch.setattr(storing, "_is_named", lambda _sha256: False)
    sweep_later()
    assert not storing.place(NAME).exists()


def test_request_sent_again_makes_one_row_and_gets_the_same_answer(sign_in, author, draft):
    """F32: killed after the commit, the server had not answered. Other bytes are another file."""
    browser, url = sign_in(author), reverse("entries:files", args=[draft.event.slug, draft.pk])
    answers = [browser.post(url, {"file": book()}).status_code for _again in range(2)]
    assert (answers, draft.attachments.count()) == ([302, 302], 1)
    browser.post(url, {"file": SimpleUploadedFile("plan.ipynb", b'{"cells": [1]}')})
    assert draft.attachments.count() == 2


def test_receipt_of_a_file_is_kept_with_it_or_neither_is(author, submission):
    """F33: nothing is rung for afterwards; the mail is a row of the same transaction."""
    before = Mail.objects.count()
    with pytest.raises(ZeroDivisionError):
        attach_and_fail(author, submission)
    assert (submission.attachments.count(), Mail.objects.count()) == (0, before)
    actions.attach(author, submission, file=book())
    assert Mail.objects.count() == before + 1


@transaction.atomic
def attach_and_fail(author, submission) -> None:
    before = Mail.objects.count()
    actions.attach(author, submission, file=book())
    assert Mail.objects.count() == before + 1
    raise ZeroDivisionError


def no_room(_descriptor) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("why", ["full", "reserve"])
def test_full_disk_is_told_and_costs_nothing(monkeypatch, settings, sign_in, author, draft, why):
    """F34: a page with a sentence, no row, and the draft as it was; with room again it is kept."""
    browser, url = sign_in(author), reverse("entries:files", args=[draft.event.slug, draft.pk])
    with monkeypatch.context() as patched:
        if why == "full":
            patched.setattr(os, "fsync", no_room)
        else:
            settings.PODIUM_RESERVE_BYTES = 2**62
        answer = browser.post(url, {"file": book(), "caption": "My caption"})
    assert answer.status_code == 507
    assert "The storage is full" in answer.content.decode()
    assert "My caption" in answer.content.decode()
    assert (draft.attachments.count(), parts()) == (0, [])
    settings.PODIUM_RESERVE_BYTES = 0
    assert browser.post(url, {"file": book()}).status_code == 302
