"""Files that nobody vouches for: pictures, PDFs, ZIPs, notebooks."""

import errno
import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript

from submissions.entries import actions, files, notebooks
from submissions.entries.models import EntryType, Submission
from theme.refusal import Refused


def png(size=(40, 30), mode="RGB", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, "PNG", **more)
    return out.getvalue()


def pdf(script: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": "Author"})
    if script:
        writer.add_open_action(JavaScript(script))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


def photo() -> bytes:
    """With the place where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}
    Image.new("RGB", (50, 40), 1).save(out, "JPEG", exif=exif)
    return out.getvalue()


BAD = {
    "empty": (b"", "This file is empty."),
    "svg": (b"<svg onload='alert(1)'/>", "Use a picture (PNG, JPEG, GIF, WebP)"),
    "html": (b"<html><script>1</script>", "Use a picture (PNG, JPEG, GIF, WebP)"),
    "pixels": (png((7_000, 7_200), "1"), "more than 40 million pixels"),
    "pdf that acts": (pdf("app.alert(1)"), "does things when it is opened"),
    "pdf cut off": (b"%PDF-1.7\nnothing", "This PDF cannot be read"),
    "zip outside": (packed("../../etc/passwd"), "names places outside itself"),
    "zip cut off": (b"PK\x03\x04nothing", "This ZIP cannot be read"),
    "no notebook": (b'{"cells": 1}', "This is no Jupyter notebook."),
}


def test_bad_file_is_refused_beside_its_field_and_nothing_is_kept(sign_in, author, draft):
    """B50, B51: each with its own sentence, what was typed beside it still there."""
    browser, url = sign_in(author), reverse("entries:files", args=[draft.event.slug, draft.pk])
    for name, (content, sentence) in BAD.items():
        told = {"file": SimpleUploadedFile(f"{name}.png", content), "caption": "My caption"}
        page = browser.post(url, told).content.decode()
        assert sentence in page, name
        assert "My caption" in page, name
    assert not draft.attachments.exists()


def test_picture_is_drawn_anew_without_what_the_camera_wrote():
    """B51; and what hangs behind the picture (a polyglot) is gone."""
    kept = files.picture(photo() + b"PK\x03\x04<script>")
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"<script>" not in kept
    assert max(Image.open(io.BytesIO(files.picture(png((4_000, 10))))).size) == files.SIDE


def test_pdf_loses_its_metadata():
    _kind, kept = files._made_safe(pdf())
    assert "/Author" not in (PdfReader(io.BytesIO(kept)).metadata or {})


def test_document_is_kept_from_the_browser_and_named_by_number_for_a_blind_reader(
    sign_in, author, judge, rival, organizer, submission
):
    """B54."""
    file = SimpleUploadedFile("Author_thesis.pdf", pdf())
    made = actions.attach(author, submission, file=file)
    EntryType.objects.update(blind=True)
    actions.give_to_read(organizer, submission, to=judge)
    url = reverse("entries:file", args=[submission.event.slug, submission.pk, made.pk])
    answer, own = sign_in(judge).get(url), sign_in(author).get(url)
    assert answer.getvalue() == own.getvalue()  # the same bytes, under two names
    assert answer["Content-Disposition"] == 'attachment; filename="1.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Author_thesis" in own["Content-Disposition"]
    assert sign_in(rival).get(url).status_code == 404


def test_file_twice_is_refused_and_a_removed_one_is_gone(author, draft):
    made = actions.attach(author, draft, file=SimpleUploadedFile("a.png", png()))
    assert default_storage.exists(files.place(made.sha256))
    with pytest.raises(Refused, match="there already"):
        actions.attach(author, draft, file=SimpleUploadedFile("b.png", png()))
    actions.detach(author, made)
    assert not Submission.objects.get(pk=draft.pk).attachments.exists()


def test_notebook_is_shown_and_nothing_in_it_acts():
    told = [
        {"cell_type": "markdown", "source": ["# Title\n", "<script>alert(1)</script>"]},
        {
            "cell_type": "code",
            "source": "print('```')",
            "outputs": [{"text": ["out"]}, {"data": {"text/html": "<b onclick=x>"}}],
        },
        "no cell",
    ]
    first, second = notebooks.cells(json.dumps({"cells": told}).encode())
    assert "<script" not in first.html
    assert "<h2>Title</h2>" in first.html
    assert (second.printed, "print" in second.html) == ("out", True)


def test_attached_file_is_in_the_version_and_its_hash(author, submission):
    before = submission.versions.first()
    plan = SimpleUploadedFile("plan.ipynb", b'{"cells": []}')
    attached = files.attach(author, submission, file=plan)
    version = submission.versions.first()
    assert version.number == before.number + 1
    told = {"name": "plan.ipynb", "caption": "", "sha256": attached.sha256}
    assert version.content["files"] == [told]
    files.detach(author, attached)
    assert submission.versions.first().sha256 == before.sha256  # it says again what it said


def test_full_disk_is_told_and_costs_nothing(monkeypatch, sign_in, author, draft):
    """F34: a page with a sentence, no row, and the draft as it was."""

    def full(*_told):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    url = reverse("entries:files", args=[draft.event.slug, draft.pk])
    plan = SimpleUploadedFile("plan.ipynb", b'{"cells": []}')
    answer = sign_in(author).post(url, {"file": plan, "caption": "My caption"})
    assert answer.status_code == 507
    assert "The storage is full" in answer.content.decode()
    assert "My caption" in answer.content.decode()
    assert not draft.attachments.exists()
