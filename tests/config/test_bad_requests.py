"""What nobody's browser sends: it is refused in words, and nothing of it is kept."""

import pytest
from django.urls import reverse

from events import actions
from events.models import Role

COMBINING = "a" + "\u0301" * 199
NAMES = ["Ö", "x" * 200, "محمد عبد الله", "山田 太郎", COMBINING, "A\u200bB", "🦀 Ferris"]


def profile(**told: str) -> dict[str, str]:
    return {"name": "A", "timezone": "UTC", "affiliation": "", "links": "", "country": ""} | told


@pytest.mark.parametrize("name", NAMES)
def test_b47_name_is_kept_and_shown_as_it_is(stranger, sign_in, name):
    browser, page = sign_in(stranger), reverse("accounts:profile")
    assert browser.post(page, profile(name=name)).status_code == 302
    stranger.refresh_from_db()
    assert stranger.name == name
    assert name in browser.get(page).content.decode()


@pytest.mark.parametrize(
    "told", [{"name": "x" * 201}, {"name": "A\x00B"}, {"country": "XX"}, {"name": "A\ud800B"}]
)
def test_b45_b46_b47_bad_value_is_told_on_the_page(stranger, sign_in, told):
    """A name that is too long, a NUL, no country, half of a surrogate pair."""
    values = {key: value.encode("utf-8", "surrogatepass") for key, value in profile(**told).items()}
    answer = sign_in(stranger).post(reverse("accounts:profile"), values)
    stranger.refresh_from_db()
    if answer.status_code == 302:  # half a pair is no text: it was read as "�"
        assert stranger.name == "A\ufffd\ufffd\ufffdB"
    else:
        assert answer.status_code == 200
        assert 'aria-invalid="true"' in answer.content.decode()
        assert stranger.name == "Stranger"


def test_b46_json_for_a_form_is_no_form(stranger, sign_in):
    body = b'{"name": "\\ud800"}'
    answer = sign_in(stranger).post(
        reverse("accounts:profile"), body, content_type="application/json"
    )
    assert answer.status_code == 200
    stranger.refresh_from_db()
    assert stranger.name == "Stranger"


@pytest.mark.parametrize("page", ["events:people", "events:invitations", "events:teams"])
def test_b45_nul_in_a_search_is_a_bad_request(event, organizer, sign_in, page):
    browser = sign_in(organizer)
    assert browser.get(reverse(page, args=[event.slug]), {"q": "a\x00b"}).status_code == 400


def test_b73_ten_thousand_fields_are_refused_at_once(stranger, sign_in):
    told = profile() | {f"field{number}": "x" for number in range(10_001)}
    answer = sign_in(stranger).post(reverse("accounts:profile"), told)
    assert answer.status_code == 400


def test_b73_body_of_five_megabytes_is_refused_by_a_form(stranger, sign_in):
    answer = sign_in(stranger).post(
        reverse("accounts:profile"), b"x" * 5_000_000, content_type="application/json"
    )
    stranger.refresh_from_db()
    assert answer.status_code in {200, 400, 413}
    assert stranger.name == "Stranger"


def test_b63_export_is_gone_with_the_role(event, stranger, organizer, sign_in):
    role = actions.grant_role(organizer, event, to=stranger, kind=Role.Kind.ORGANIZER)
    browser = sign_in(stranger)
    pages = [reverse("events:people_export", args=[event.slug, form]) for form in ("csv", "json")]
    pages.append(reverse("events:written", args=[event.slug]))
    assert {browser.get(page).status_code for page in pages} == {200}
    actions.take_role(organizer, role)
    assert {browser.get(page).status_code for page in pages} == {404}


@pytest.mark.parametrize("query", ["ordering=score", "score__gte=90", "expand=judgements", "q=x"])
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_b62_no_query_or_method_changes_what_a_participant_sees(
    event, author, sign_in, query, method
):
    """No filter, order or expansion is taken from an address that offers none."""
    browser, page = sign_in(author), reverse("events:registration", args=[event.slug])
    plain, asked = (getattr(browser, method)(where) for where in (page, f"{page}?{query}"))
    assert (plain.status_code, len(plain.content)) == (asked.status_code, len(asked.content))
    assert plain.headers.get("ETag") == asked.headers.get("ETag")
