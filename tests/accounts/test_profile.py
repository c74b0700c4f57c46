import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts import pictures
from accounts.models import countries

FORM = {"name": "Typed", "affiliation": "Here", "timezone": "UTC", "country": "", "links": ""}


def save(browser, **typed):
    return browser.post(reverse("accounts:profile"), FORM | typed)


def upload(browser, content: bytes, name: str = "me.png"):
    file = SimpleUploadedFile(name, content)
    return browser.post(reverse("accounts:change_picture"), {"picture": file})


def png(width: int = 30, height: int = 20, **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG", **options)
    return out.getvalue()


def test_countries_are_those_of_the_world_in_plain_words():
    assert countries()["KZ"] == "Kazakhstan"
    assert 240 < len(countries()) < 260
    assert "ZZ" not in countries()


def test_profile_keeps_country_and_links(author, sign_in):
    typed = {"country": "KZ", "links": "https://a.example\n\n https://b.example/x "}
    assert save(sign_in(author), **typed).status_code == 302
    author.refresh_from_db()
    assert author.country_name == "Kazakhstan"
    assert author.links == ["https://a.example", "https://b.example/x"]


@pytest.mark.parametrize(
    "typed",
    [
        {"country": "ZZ"},
        {"country": "Kazakhstan"},
        {"links": "javascript:alert(1)"},
        {"links": "no address"},
        {"links": "\n".join(f"https://{n}.example" for n in range(6))},
    ],
)
def test_profile_that_cannot_be_kept_says_why_and_keeps_what_was_typed(author, sign_in, typed):
    page = save(sign_in(author), **typed)
    assert page.context["form"].errors
    assert 'value="Typed"' in page.content.decode()


def test_fields_that_are_not_the_forms_are_ignored(author, sign_in):
    """B61."""
    save(sign_in(author), is_staff="1", is_superuser="1", email="other@example.org")
    author.refresh_from_db()
    assert (author.is_staff, author.is_superuser) == (False, False)
    assert author.email == "author@example.org"


def test_picture_is_made_anew_and_small_without_metadata(author, sign_in):
    """B51: EXIF with a place in it is gone, and so is the animation."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (50.0, 3.0, 8.0)}
    assert upload(sign_in(author), png(exif=exif)).status_code == 302
    author.refresh_from_db()
    with Image.open(pictures.path(author.picture)) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (256, 256), {})


def test_picture_is_seen_by_the_signed_in_and_replaced_whole(author, rival, sign_in):
    browser = sign_in(author)
    upload(browser, png())
    author.refresh_from_db()
    first = author.picture
    page = reverse("accounts:picture", args=[first])
    assert b"".join(sign_in(rival).get(page)).startswith(b"RIFF")
    assert sign_in(None).get(page).status_code == 302
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda do: do())
        upload(browser, png(9, 9))
        browser.post(reverse("accounts:change_picture"), {"remove": "1"})
    assert sign_in(rival).get(page).status_code == 404
    assert not list(pictures.path("x").parent.iterdir())


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (SVG, "no picture we can read"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n broken", "no picture we can read"),
        (png()[:60], "no picture we can read"),
        (png(50_000, 1_000), "40 million pixels"),
    ],
)
def test_file_that_is_no_good_picture_is_refused_with_a_sentence(author, sign_in, content, says):
    """B50, B51."""
    page = upload(sign_in(author), content)
    assert says in page.content.decode()
    author.refresh_from_db()
    assert author.picture == ""
