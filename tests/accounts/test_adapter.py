import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse

from accounts.models import User

WORK = "work@example.org"


@pytest.fixture
def second(author) -> EmailAddress:
    """Another address of the author's, not confirmed yet."""
    return author.emailaddress_set.create(email=WORK, verified=False, primary=False)


def confirm(browser, address: EmailAddress) -> None:
    key = EmailConfirmationHMAC(address).key
    assert browser.post(reverse("account_confirm_email", args=[key])).status_code == 302
    address.refresh_from_db()


def test_confirmed_address_can_be_the_first_though_somebody_began_to_sign_up_with_it(
    author, second, sign_in
):
    unused = User.objects.create_user(WORK, "correct horse")
    unused.emailaddress_set.create(email=WORK, verified=False, primary=True)
    browser = sign_in(author)
    confirm(browser, second)
    assert second.verified
    browser.post(reverse("account_email"), {"email": WORK, "action_primary": ""})
    author.refresh_from_db()
    assert author.email == WORK
    assert not User.objects.filter(pk=unused.pk).exists()


def test_account_in_use_is_never_removed(author, second, rival, sign_in):
    User.objects.filter(pk=rival.pk).update(email=WORK)
    confirm(sign_in(author), second)
    assert User.objects.filter(pk=rival.pk).exists()
