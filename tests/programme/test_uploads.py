"""Slides and posters: read in a child process; what bad files get, and that nothing is left."""

import io
import os
from datetime import timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from submissions.programme import sheets
from submissions.programme.actions import schedule, uploads
from submissions.programme.models import Document
from tests.programme.conference import make_poster, make_talk, pdf
from theme.refusal import Refused


@pytest.fixture
def poster(event, author):
    return make_poster(event, "Kestrels", author)


def send(user, thing, content: bytes, name: str = "poster.pdf") -> Document:
    return uploads.upload(user, thing, file=SimpleUploadedFile(name, content), name=name)


def with_script() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf()))
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('hello')")}
    action = DictionaryObject({NameObject(name): value for name, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    return written(writer)


def with_a_file_inside() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf()))
    writer.add_attachment("virus.exe", b"MZ")
    return written(writer)


def locked() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_poster_is_drawn_with_text_that_can_be_selected(sign_in, event, author, rival, poster):
    made = send(author, poster, pdf(text="Reconstruction"))
    (page,) = sheets.contents(made.sha256)
    assert page["runs"][0][4] == "Reconstruction 1"
    browser = sign_in(rival)
    shown = browser.get(poster.get_absolute_url()).content.decode()
    assert ">Reconstruction 1</text>" in shown
    picture = browser.get(reverse("programme:page", args=[event.slug, poster.pk, 1]))
    drawn = Image.open(io.BytesIO(b"".join(picture.streaming_content)))
    assert max(drawn.size) == 2400
    original = browser.get(reverse("programme:sheet", args=[event.slug, poster.pk]))
    assert original["Content-Disposition"].startswith("attachment")
    b"".join(original)


BAD = {
    "400 pages": (lambda: pdf(pages=400), "has 400 pages; 12 are allowed"),
    "broken": (lambda: b"%PDF-1.7\n" + b"garbage" * 50, "cannot be read: the file is damaged"),
    "cut off": (lambda: pdf()[:300], "cannot be read: the file is damaged"),
    "scripts": (with_script, "contains scripts or other files"),
    "a file inside": (with_a_file_inside, "contains scripts or other files"),
    "locked": (locked, "is locked by a password"),
    "not a document": (lambda: b"MZ\x90\x00 a program", "is no PDF, PNG, JPEG or WebP"),
    "empty": (lambda: b"", "empty"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_file_is_refused_beside_its_field_and_leaves_nothing(
    sign_in, event, author, poster, what
):
    make, sentence = BAD[what]
    part = poster.contributors.get()
    file = SimpleUploadedFile("poster.pdf", make())
    answer = sign_in(author).post(
        reverse("programme:upload", args=[event.slug, part.pk]), {"file": file}
    )
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Document.objects.exists()
    assert not [path for path in sheets.root().rglob("*") if path.is_file()]


def test_poster_of_200_megabytes_is_refused_without_reading_it(event, author, poster, tmp_path):
    path = tmp_path / "poster.pdf"
    with path.open("wb") as out:
        out.write(b"%PDF-1.7")
        os.truncate(out.fileno(), 200 * 2**20)
    from django.core.files import File

    with path.open("rb") as large, pytest.raises(Refused, match="larger than 40 MB") as refused:
        uploads.upload(author, poster, file=File(large), name="poster.pdf")
    assert refused.value.status == 413
    assert not Document.objects.exists()
    assert not sheets.root().exists()


def test_file_that_is_too_large_is_refused_beside_its_field(
    sign_in, event, author, poster, monkeypatch
):
    """With a limit of a hundred bytes, so that the test sends little."""
    monkeypatch.setitem(sheets.MOST_BYTES, "poster", 100)
    url = reverse("programme:upload", args=[event.slug, poster.contributors.get().pk])
    file = SimpleUploadedFile("poster.pdf", pdf())
    answer = sign_in(author).post(url, {"file": file})
    assert "larger than 0 MB; export it with smaller pictures" in answer.content.decode()
    assert not Document.objects.exists()


def test_later_file_takes_the_place_of_the_first_and_a_bad_one_does_not(event, author, poster):
    send(author, poster, pdf(text="First"))
    second = send(author, poster, pdf(text="Second"))
    with pytest.raises(Refused):
        send(author, poster, b"%PDF-broken")
    assert Document.objects.get() == second


def test_slides_count_their_pages(event, author):
    talk = make_talk(event, speaker=author)
    assert send(author, talk, pdf(pages=3), "slides.pdf").pages == 3


def test_picture_is_shown_upright_and_small(event, author, poster):
    out = io.BytesIO()
    Image.new("RGB", (3000, 500), "red").save(out, "PNG")
    made = send(author, poster, out.getvalue(), "poster.png")
    assert made.media_type == "image/png"
    assert sheets.contents(made.sha256) == [{"width": 2400, "height": 400, "runs": []}]


def test_upload_is_for_who_presents_and_before_the_date(event, organizer, author, rival, poster):
    with pytest.raises(Refused, match="Only who presents"):
        send(rival, poster, pdf())
    past = timezone.now() - timedelta(minutes=1)
    schedule.save_settings(organizer, event, slides_until=past)
    with pytest.raises(Refused, match="date for slides and posters has passed"):
        send(author, poster, pdf())
    assert not Document.objects.exists()
