"""Uploads that go on where they stopped: F30 to F34, F36, B02, B25, B27."""

import base64
import hashlib
import os
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.urls import reverse

from anomaly.datasets import actions, store, sweeping, uploading
from anomaly.datasets.models import DataLimits, Dataset, Upload
from anomaly.jobs import actions as jobs
from anomaly.jobs.invariants import broken
from anomaly.reports.evidence import evidence_of
from events.models import Phase
from submissions.entries import actions as entries
from tests.anomaly.conftest import small_table, table_file
from tests.conftest import close_phase
from theme.refusal import Refused

TABLE = small_table().encode()
HALF = len(TABLE) // 2


@pytest.fixture
def begun(author, draft) -> Upload:
    return uploading.begin(author, draft, name="sensors.csv", size=len(TABLE))


def add(user, upload, data, offset=0, **more) -> Upload:
    return uploading.append(user, upload, offset=offset, chunks=[data], **more)


def refused(code: str, verb, *arguments, **named) -> Refused:
    with pytest.raises(Refused) as caught:
        verb(*arguments, **named)
    assert caught.value.code == code
    return caught.value


def test_chunks_become_the_data_set_that_one_piece_would(author, draft, begun):
    assert add(author, begun, TABLE[:HALF]).offset == HALF
    add(author, begun, TABLE[HALF:], HALF)
    dataset = uploading.finish(author, begun, tree=tree(TABLE))
    assert (dataset.state, dataset.sha256) == ("ready", hashlib.sha256(TABLE).hexdigest())
    assert actions.upload(author, draft, file=table_file()) == dataset
    assert uploading.finish(author, begun) == dataset, "asked again, the same"
    assert not begun.path.exists()
    assert broken() == []


def tree(data: bytes) -> str:
    return hashlib.sha256(hashlib.sha256(data).digest()).hexdigest()


def test_f30_bytes_of_a_process_that_died_in_a_chunk_are_written_over(author, begun):
    """It had written them, and not yet counted them."""
    add(author, begun, TABLE[:HALF])
    with begun.path.open("ab") as file:
        file.write(b"half a chunk of a process that was killed")
    begun.refresh_from_db()
    assert begun.offset == HALF
    assert begun.path.stat().st_size > HALF, "control: whoever went by the file would keep them"
    add(author, begun, TABLE[HALF:], HALF)
    assert uploading.finish(author, begun).path.read_bytes() == TABLE


def test_f31_file_in_the_store_without_its_row_is_found_again(author, begun):
    """The process died between the rename and the row."""
    add(author, begun, TABLE)
    stored = uploading._stored(begun, "")
    assert not begun.path.exists()
    assert not Dataset.objects.exists()
    begun.refresh_from_db()
    assert broken() == []
    assert uploading.finish(author, begun).sha256 == stored.sha256


def test_f32_upload_that_nobody_asked_about_is_finished_by_the_sweep(author, begun):
    """The browser or the web process died after the last byte."""
    add(author, begun, TABLE)
    sweeping.sweep()
    assert not Dataset.objects.exists(), "whoever sent it may still be asking"
    Upload.objects.update(touched_at=Now() - 2 * sweeping.WAITED)
    sweeping.sweep()
    begun.refresh_from_db()
    assert begun.dataset.state == "ready"


def test_old_uploads_and_bytes_without_a_row_are_swept(author, begun):
    add(author, begun, TABLE[:HALF])
    stray = store.incoming() / "00000000-0000-4000-8000-000000000000"
    stray.touch()
    os.utime(stray, (0, 0))
    sweeping.sweep()
    assert (stray.exists(), begun.path.exists()) == (False, True)
    Upload.objects.update(touched_at=Now() - 2 * sweeping.KEPT)
    sweeping.sweep()
    assert (begun.path.exists(), Upload.objects.exists()) == (False, False)


def test_f34_full_disk_refuses_with_a_sentence_and_keeps_what_was_there(
    author, draft, begun, sign_in, settings, monkeypatch
):
    add(author, begun, TABLE[:HALF])
    usage = shutil.disk_usage(store.incoming())
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage._replace(free=1000))
    assert (
        refused("storage.full", uploading.begin, author, draft, name="a.csv", size=9).status == 507
    )
    address = reverse("datasets:upload", args=["summer", draft.pk])
    answer = sign_in(author).post(address, {"file": table_file("b.csv")})
    assert answer.status_code == 507
    assert "The storage is full" in answer.content.decode()
    assert "your submission is safe" in answer.content.decode()
    begun.refresh_from_db()
    assert begun.offset == HALF
    assert [path for path in store.root().rglob("*") if path.is_file()] == []


def test_f34_disk_that_fills_up_in_a_chunk_costs_that_chunk(author, begun):
    add(author, begun, TABLE[:HALF])

    def chunks():
        yield TABLE[HALF : HALF + 10]
        raise OSError(28, "No space left on device")

    code = "storage.full"
    refused(code, uploading.append, author, begun, offset=HALF, chunks=chunks())
    begun.refresh_from_db()
    assert begun.offset == HALF
    add(author, begun, TABLE[HALF:], HALF)
    assert uploading.finish(author, begun).state == "ready"


def test_f36_damaged_and_missing_files_are_reported_and_never_sent(
    author, dataset, sign_in, capsys
):
    call_command("verify_store")
    address = reverse("datasets:download", args=["summer", dataset.pk])
    dataset.path.write_bytes(dataset.path.read_bytes()[::-1])
    assert sign_in(author).get(address).status_code == 410
    with pytest.raises(CommandError):
        call_command("verify_store")
    assert f"the file was changed of data set {dataset.pk}" in capsys.readouterr().err
    dataset.path.unlink()
    answer = sign_in(author).get(address)
    assert answer.status_code == 410
    assert "no longer what was uploaded" in answer.content.decode()
    assert broken() == [f"I2 there is no file of data set {dataset.pk}"]


def test_b25_same_content_is_one_file_and_two_data_sets(author, draft, dataset):
    other = actions.upload(author, draft, file=table_file("other.csv"))
    assert other != dataset
    assert other.path == dataset.path
    assert len([path for path in store.root().rglob("*") if path.is_file()]) == 1


def test_b27_chunk_at_another_place_is_refused(author, begun):
    add(author, begun, TABLE[:HALF])
    refused("upload.offset", add, author, begun, TABLE[HALF:], HALF - 1)
    refused("upload.offset", add, author, begun, TABLE, 0)
    begun.refresh_from_db()
    assert begun.offset == HALF


def test_b27_chunk_with_another_hash_does_not_count(author, begun):
    wrong = hashlib.sha256(b"other").hexdigest()
    assert (
        refused("upload.checksum_mismatch", add, author, begun, TABLE, sha256=wrong).status == 460
    )
    begun.refresh_from_db()
    assert begun.offset == 0
    right = hashlib.sha256(TABLE).hexdigest()
    assert add(author, begun, TABLE, sha256=right).offset == len(TABLE)


def test_b27_resumed_with_another_file_is_refused_and_forgotten(author, begun):
    add(author, begun, TABLE[:HALF])
    add(author, begun, b"x" * (len(TABLE) - HALF), HALF)
    refused("upload.checksum_mismatch", uploading.finish, author, begun, tree=tree(TABLE))
    assert not Dataset.objects.exists()
    assert not begun.path.exists()
    refused("upload.gone", uploading.finish, author, begun)


def test_b27_two_windows_do_not_write_into_each_other(author, begun):
    def chunks():
        yield TABLE[:HALF]
        refused("upload.busy", add, author, begun, TABLE[:HALF])  # the second one, meanwhile
        yield TABLE[HALF:]

    uploading.append(author, begun, offset=0, chunks=chunks())
    assert uploading.finish(author, begun).state == "ready"


def test_upload_cut_at_99_percent_is_no_data_set_and_says_what_is_missing(author, begun):
    add(author, begun, TABLE[:-3])
    said = refused("upload.incomplete", uploading.finish, author, begun)
    assert str(said) == "3 bytes are still missing; go on with the upload."
    assert not Dataset.objects.exists()


def test_b02_more_bytes_than_were_said_are_refused(author, begun):
    refused("file.too_large", add, author, begun, TABLE + b"1")
    begun.refresh_from_db()
    assert begun.offset == 0


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [
        ("t.csv", 0, "file.empty"),
        ("t.csv", 2**20 + 1, "file.too_large"),
        ("t.pkl", 9, "file.type_not_allowed"),
    ],
)
def test_upload_that_cannot_become_a_table_is_refused_before_it_begins(
    author, draft, name, size, code
):
    DataLimits.objects.create(event=draft.event, file_mib=1)
    refused(code, uploading.begin, author, draft, name=name, size=size)


def test_more_unfinished_uploads_than_allowed_are_refused(author, draft):
    for i in range(uploading.MOST_UNFINISHED):
        uploading.begin(author, draft, name=f"{i}.csv", size=9)
    refused("upload.too_many", uploading.begin, author, draft, name="t.csv", size=9)
    uploading.give_up(author, draft.uploads.first())
    uploading.begin(author, draft, name="t.csv", size=9)


def test_b81_upload_begun_in_time_is_kept_after_the_deadline_and_does_not_count(
    author, draft, dataset, organizer, event, sign_in, begun
):
    entries.submit(author, draft)
    changed = small_table(seed=1).encode()
    begun = uploading.begin(author, draft, name="sensors.csv", size=len(changed))
    add(author, begun, changed[:HALF])
    close_phase(event, Phase.Kind.SUBMISSION)
    refused("deadline.passed", uploading.begin, author, draft, name="t.csv", size=9)
    add(author, begun, changed[HALF:], HALF)
    late = uploading.finish(author, begun)
    assert (late.state, late.late, late.number) == ("ready", True, 2)
    assert [one.dataset for one in evidence_of(draft)] == [dataset]
    assert list(Dataset.objects.visible_to(organizer)) == [dataset]
    assert set(Dataset.objects.visible_to(author)) == {dataset, late}
    page = sign_in(author).get(late.get_absolute_url()).content.decode()
    assert "This file came whole after the deadline" in page
    refused("deadline.passed", jobs.start, author, late)
    later = Now() + sweeping.KEPT
    event.phases.filter(kind=Phase.Kind.SUBMISSION).update(closes_at=later)
    jobs.start(author, late)
    assert [one.dataset for one in evidence_of(draft)] == [late], "it is open again, and wanted"


def test_tus_client_uploads_in_chunks_over_http(author, draft, sign_in):
    browser = sign_in(author)
    begin = reverse("datasets:begin", args=["summer", draft.pk])
    able = browser.options(begin)
    assert able["Tus-Extension"] == "creation,checksum,termination,expiration"
    name = base64.b64encode("größe.csv".encode()).decode()
    about = {"Upload-Length": str(len(TABLE)), "Upload-Metadata": f"filename {name}"}
    made = browser.post(begin, headers=about)
    assert (made.status_code, made["Upload-Offset"]) == (201, "0")
    place = made["Location"]
    assert patch(browser, place, TABLE[:HALF], 0).status_code == 204
    assert browser.head(place)["Upload-Offset"] == str(HALF)
    assert patch(browser, place, TABLE[:HALF], 0).status_code == 409
    assert patch(browser, place, TABLE[HALF:], HALF, checksum=b"wrong").status_code == 460
    assert patch(browser, place, TABLE[HALF:], HALF)["Upload-Offset"] == str(len(TABLE))
    told = browser.post(f"{place}finish/").json()
    dataset = Dataset.objects.get()
    assert told == {"url": dataset.get_absolute_url(), "error": "", "code": ""}
    assert dataset.name == "größe.csv"


def patch(browser, place, data, offset, checksum=None):
    digest = base64.b64encode(hashlib.sha256(checksum or data).digest()).decode()
    headers = {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {digest}"}
    kind = "application/offset+octet-stream"
    return browser.patch(place, data, content_type=kind, headers=headers)


def test_finished_table_that_cannot_be_used_answers_with_its_sentence(author, draft, sign_in):
    upload = uploading.begin(author, draft, name="t.csv", size=8)
    add(author, upload, b"a,b\n1,2,"[:8])
    answer = sign_in(author).post(reverse("datasets:finish", args=["summer", upload.pk]))
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Line 2 of t.csv has 3 cells")


@pytest.mark.parametrize("person", ["rival", "judge", "organizer", "stranger"])
def test_upload_of_another_team_does_not_exist(person, begun, request, sign_in):
    browser = sign_in(request.getfixturevalue(person))
    place = reverse("datasets:chunks", args=["summer", begun.pk])
    assert browser.head(place).status_code == 404
    assert patch(browser, place, TABLE, 0).status_code == 404
    assert browser.delete(place).status_code == 404
    begun.refresh_from_db()
    assert begun.offset == 0
