import pytest
from django.urls import reverse

from events.models import Phase
from tests.conftest import close_phase
from theme.refusal import Refused


def test_refusal_of_a_button_comes_back_to_its_page_with_the_sentence(sign_in, event, stranger):
    close_phase(event, Phase.Kind.REGISTRATION)
    here = f"http://testserver{event.get_absolute_url()}"
    url = reverse("events:register", args=[event.slug])
    answer = sign_in(stranger).post(url, headers={"Referer": here}, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    assert "is not open now" in answer.content.decode()


@pytest.mark.parametrize("referer", ["", "https://evil.example/"])
def test_refusal_without_an_own_page_to_go_back_to_is_a_page(sign_in, event, stranger, referer):
    close_phase(event, Phase.Kind.REGISTRATION)
    url = reverse("events:register", args=[event.slug])
    answer = sign_in(stranger).post(url, headers={"Referer": referer})
    assert answer.status_code == 409
    assert "is not open now" in answer.content.decode()


@pytest.mark.parametrize(
    ("code", "status"),
    [("team.full", 409), ("dataset.not_yours", 403), ("file.too_large", 413), ("x.closed", 409)],
)
def test_refusal_has_the_status_that_says_the_same(code, status):
    assert Refused("No.", code=code).status == status
