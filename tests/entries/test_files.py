"""Files that nobody vouches for: pictures, PDFs, ZIPs, notebooks."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, StreamObject, TextStringObject

from submissions.entries import actions, cleaning, notebooks, storing
from submissions.entries.models import EntryType, Submission


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
    kept = cleaning.picture(photo() + b"PK\x03\x04<script>")
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"<script>" not in kept
    assert max(Image.open(io.BytesIO(cleaning.picture(png((4_000, 10))))).size) == cleaning.SIDE


def telling_pdf() -> bytes:
    """With its author's name in the document's metadata, in a page's, and on a comment."""
    writer, noted = PdfWriter(io.BytesIO(pdf())), StreamObject()
    noted.set_data(b"<x>zq901qz</x>")
    writer.pages[0][NameObject("/Metadata")] = writer._add_object(noted)
    writer.add_metadata({"/Author": "zq901qz"})
    comment = FreeText(text="a comment", rect=(0, 0, 9, 9))
    comment[NameObject("/T")] = TextStringObject("zq901qz")
    writer.add_annotation(0, comment)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def telling_notebook() -> bytes:
    told = {"authors": [{"name": "zq901qz"}], "kernelspec": {"display_name": "zq901qz"}}
    told |= {"language_info": {"name": "r", "file": "/home/zq901qz"}}
    cell = {"cell_type": "code", "source": "1 + 1", "metadata": {"by": "zq901qz"}}
    return json.dumps({"cells": [cell], "metadata": told, "nbformat": 4}).encode()


@pytest.mark.parametrize("made", [telling_pdf, telling_notebook])
def test_document_loses_what_tells_who_made_it(made):
    """Not only out of sight: the bytes are gone."""
    before = made()
    _kind, kept = cleaning.made_safe(before)
    assert b"zq901qz" in before
    assert b"zq901qz" not in kept
    assert b"comment" in kept or json.loads(kept)["metadata"] == {"language_info": {"name": "r"}}


def test_zip_is_not_for_blind_readers(sign_in, author, judge, organizer, submission):
    """Nobody looks into what is in it."""
    made = actions.attach(author, submission, file=SimpleUploadedFile("a.zip", packed("code.py")))
    actions.give_to_read(organizer, submission, to=judge)
    url = reverse("entries:file", args=[submission.event.slug, submission.pk, made.pk])
    page = reverse("entries:files", args=[submission.event.slug, submission.pk])

    def status(reader) -> int:
        answer = sign_in(reader).get(url)
        answer.getvalue()  # reads it whole
        return answer.status_code

    assert status(judge) == 200
    assert "not shown to them" not in sign_in(author).get(page).content.decode()
    EntryType.objects.update(blind=True)
    assert (status(judge), status(author)) == (404, 200)
    assert url not in sign_in(judge).get(submission.get_absolute_url()).content.decode()
    assert "A ZIP is not shown to them" in sign_in(author).get(page).content.decode()


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


def test_removed_file_is_gone(author, draft):
    made = actions.attach(author, draft, file=SimpleUploadedFile("a.png", png()))
    assert storing.place(made.sha256).is_file()
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
    attached = actions.attach(author, submission, file=plan)
    version = submission.versions.first()
    assert version.number == before.number + 1
    told = {"name": "plan.ipynb", "caption": "", "sha256": attached.sha256}
    assert version.content["files"] == [told]
    actions.detach(author, attached)
    assert submission.versions.first().sha256 == before.sha256  # it says again what it said
