"""Uploads that can go on where they stopped: begun, appended to, finished, given up.

The bytes lie in a file named by the upload's number; how many of them count stands in its row. A
chunk is written and synced first and counted second, so a process that dies in between costs that
chunk and nothing else. When all have come the file is hashed and renamed into the store.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from anomaly.datasets import store
from anomaly.datasets.actions import (
    adopt,
    refuse_more,
    refuse_name,
    refuse_others,
    refuse_unless_open,
    storage_full,
    too_large,
)
from anomaly.datasets.models import DataLimits, Dataset, Upload
from submissions.entries.models import Submission
from theme import disk
from theme.refusal import Refused

CHUNK = 8 * 2**20  # bytes that the site's own script sends at a time, and hashes at a time
MOST_UNFINISHED = 5  # of one submission: each may take as much room as it says


def begin(user: User, submission: Submission, *, name: str, size: int, sha256: str = "") -> Upload:
    """Makes room for a file of so many bytes. `sha256`, where known, is checked in the end."""
    refuse_unless_open(user, submission)
    shown = store.clean_name(name)
    refuse_name(shown)
    limits = DataLimits.of(submission.event)
    if size < 1:
        raise Refused(_("This file is empty; choose another one."), code="file.empty")
    if size > limits.file_bytes:
        raise too_large(limits.file_bytes)
    refuse_more(submission, limits)
    _refuse_many(submission)
    try:
        disk.refuse_without_room(store.root(), size)
    except disk.StorageFull:
        raise storage_full() from None
    upload = submission.uploads.create(user=user, name=shown, size=size, sha256=sha256.lower())
    store.incoming().mkdir(parents=True, exist_ok=True)
    upload.path.touch(mode=0o600)
    return upload


def _refuse_many(submission: Submission) -> None:
    if submission.uploads.unfinished().count() >= MOST_UNFINISHED:
        raise Refused(
            _("There are %(most)d unfinished uploads already; finish one or give it up first.")
            % {"most": MOST_UNFINISHED},
            code="upload.too_many",
        )


def append(
    user: User, upload: Upload, *, offset: int, chunks: Iterable[bytes], sha256: str = ""
) -> Upload:
    """Adds bytes that begin at `offset`, which must be where the last ones ended; `sha256` is that
    of these bytes, where known. A chunk counts whole or not at all. What was begun before the
    deadline may go on after it (B81)."""
    refuse_others(user, upload.submission)
    with _alone(upload) as file:
        found = Upload.objects.get(pk=upload.pk)
        if offset != found.offset or found.problem or found.dataset_id:
            raise Refused(
                _("This upload stands at byte %(offset)d; go on from there.")
                % {"offset": found.offset},
                code="upload.offset",
            )
        written = _write(file, found, chunks, sha256)
        Upload.objects.filter(pk=upload.pk, offset=offset).update(
            offset=F("offset") + written, touched_at=Now()
        )
    found.refresh_from_db()
    return found


@contextmanager
def _alone(upload: Upload) -> Iterator[IO[bytes]]:
    """The file, for one process at a time: two tabs do not write into each other's bytes."""
    try:
        file = upload.path.open("r+b")
    except FileNotFoundError:
        raise gone() from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                _("Another window sends this file at the moment."), code="upload.busy"
            ) from None
        yield file


def gone() -> Refused:
    return Refused(
        _("The beginning of this upload is no longer there; send the file again."),
        code="upload.gone",
    )


def _write(file: IO[bytes], upload: Upload, chunks: Iterable[bytes], sha256: str) -> int:
    """The number of bytes written and synced. Anything that goes wrong leaves the row as it was."""
    digest, written = hashlib.sha256(), 0
    file.seek(upload.offset)
    file.truncate()
    try:
        with disk.telling_of_a_full_disk():
            for chunk in chunks:
                written += len(chunk)
                if upload.offset + written > upload.size:
                    raise too_large(upload.size)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except disk.StorageFull:
        raise storage_full() from None
    if sha256 and digest.hexdigest() != sha256.lower():
        raise Refused(
            _("A part of the file was changed on its way; it is sent again."),
            code="upload.checksum_mismatch",
        )
    return written


def finish(user: User, upload: Upload, *, tree: str = "") -> Dataset:
    """The data set of a file that has come whole; asked again, the same one.

    `tree` is the SHA-256 of the SHA-256 of each CHUNK of the sender's file, which proves that a
    file that was resumed is the one that was begun.
    """
    refuse_others(user, upload.submission)
    found = Upload.objects.select_related("submission__event").get(pk=upload.pk)
    if found.dataset:
        return found.dataset
    if found.problem:
        raise Refused(found.problem, code="upload.gone")
    if found.offset < found.size:
        raise Refused(
            _("%(missing)d bytes are still missing; go on with the upload.")
            % {"missing": found.size - found.offset},
            code="upload.incomplete",
        )
    stored = _stored(found, tree)
    return _become(user, found, stored)


def _become(user: User, upload: Upload, stored: store.Stored) -> Dataset:
    """Whoever comes second gets what the first one made. No transaction is held while a child
    reads the file."""
    dataset = adopt(user, upload.submission, upload.name, stored)
    Upload.objects.filter(pk=upload.pk, dataset=None).update(dataset=dataset)
    return Upload.objects.select_related("dataset").get(pk=upload.pk).dataset or dataset


def _stored(upload: Upload, tree: str) -> store.Stored:
    """The file in the store. After a crash it may be there already: then its row knows its hash."""
    if not upload.path.exists():
        if upload.sha256 and store.place(upload.sha256).exists():
            return store.Stored(upload.sha256, upload.size)
        raise gone()
    with _alone(upload):
        sha256 = store.digest(upload.path)
        promised = upload.sha256 not in ("", sha256)
        if promised or (tree and tree.lower() != tree_of(upload.path)):
            _reject(upload)
        Upload.objects.filter(pk=upload.pk).update(sha256=sha256)
        store.move(upload.path, sha256)
    return store.Stored(sha256, upload.size)


def tree_of(path: Path) -> str:
    """The hash of the hashes of the file's chunks: browsers can hash no file as a whole."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            whole.update(hashlib.sha256(chunk).digest())
    return whole.hexdigest()


def _reject(upload: Upload) -> None:
    problem = _(
        "What came is not the file that was begun: it was changed meanwhile, or another one was "
        "chosen. Send it again."
    )
    Upload.objects.filter(pk=upload.pk).update(problem=problem)
    upload.path.unlink(missing_ok=True)
    raise Refused(problem, code="upload.checksum_mismatch")


def give_up(user: User, upload: Upload) -> None:
    """Forgets an upload and what has come of it; a data set that was made of it stays."""
    Upload.objects.own(user).filter(pk=upload.pk).delete()
    upload.path.unlink(missing_ok=True)
