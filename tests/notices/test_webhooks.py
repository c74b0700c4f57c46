"""Webhooks against a real receiver: signed, again until it answers, never into our own house."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from events import actions
from notices import outside, ringing, webhooks
from notices.models import Delivery, Webhook


@pytest.fixture
def receiver(settings):
    settings.PODIUM_WEBHOOKS_INSIDE = True

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((dict(self.headers), body))
            self.send_response(server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status = [], 204
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hook(event, organizer, receiver) -> Webhook:
    address = f"http://127.0.0.1:{receiver.server_port}/hook?from=podium"
    made = webhooks.add_webhook(organizer, event, address=address)
    Delivery.objects.all().delete()  # that it was added
    return made


def test_change_arrives_signed_and_says_nothing_of_its_content(hook, event, organizer, receiver):
    actions.change_event(organizer, event, name="Secret plans")
    assert ringing.send_due() == 1
    ((headers, body),) = receiver.got
    stamp, signature = (part[2:].lstrip("=") for part in headers["Podium-Signature"].split(","))
    assert signature == ringing.sign(hook.secret, int(stamp), body)
    assert signature != ringing.sign("another secret", int(stamp), body)
    told = json.loads(body)
    assert (told["event"], told["verb"], told["thing"]) == (
        "summer",
        "change_event",
        "events.event",
    )
    assert b"Secret plans" not in body
    assert ringing.send_due() == 0


def test_other_events_are_not_told(hook, other_event, organizer):
    actions.grant_role(None, other_event, to=organizer, kind="owner")
    assert not Delivery.objects.exists()


def test_what_is_rolled_back_was_never_told(hook, event, organizer):
    with transaction.atomic():
        actions.change_event(organizer, event, name="Other")
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_delivery_is_tried_again_later_and_given_up_after_eight_times(hook, organizer, receiver):
    webhooks.try_webhook(organizer, hook)
    receiver.status = 500
    for attempt in range(1, ringing.ATTEMPTS + 1):
        assert ringing.send_due() == 0
        row = Delivery.objects.get()
        assert (row.attempts, row.trouble) == (attempt, "HTTP 500")
        assert row.not_before > timezone.now()  # so that another round waits
        assert ringing.send_due() == 0
        Delivery.objects.update(not_before=timezone.now())
    assert Delivery.objects.get().state == Delivery.State.FAILED
    assert len({headers["Podium-Delivery"] for headers, _body in receiver.got}) == 1
    receiver.status = 200
    webhooks.deliver_again(organizer, row)
    ringing.send_due()
    assert Delivery.objects.get(pk=row.pk).state == Delivery.State.SENT


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("::1", "::ffff:127.0.0.1", "fe80::1%eth0", "fc00::1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
def test_b71_addresses_inside_are_never_asked(settings, address):
    settings.PODIUM_WEBHOOKS_INSIDE = False
    assert not outside.is_allowed(address)
    assert outside.is_allowed("1.1.1.1")
    assert outside.is_allowed("2606:4700::1111")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0", "2130706433", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_b71_name_that_leads_inside_is_given_up(settings, hook, organizer, receiver, host):
    """However it is written; a receiver that listens there hears nothing."""
    settings.PODIUM_WEBHOOKS_INSIDE = False
    Webhook.objects.update(address=f"https://{host}:{receiver.server_port}/")
    webhooks.try_webhook(organizer, hook)
    assert ringing.send_due() == 0
    assert "NotAllowed" in Delivery.objects.get().trouble
    assert receiver.got == []


def test_b71_redirect_is_not_followed(hook, organizer, receiver):
    receiver.status = 302
    webhooks.try_webhook(organizer, hook)
    ringing.send_due()
    assert Delivery.objects.get().trouble == "HTTP 302"


@pytest.mark.parametrize("address", ["ftp://example.org/", "gopher://x", "javascript:1", "here"])
def test_bad_address_is_told_beside_its_field(event, organizer, sign_in, settings, address):
    settings.PODIUM_WEBHOOKS_INSIDE = False
    page = reverse("notices:webhooks", args=[event.slug])
    for told in (address, "http://example.org/", "https://me:secret@example.org/"):
        answer = sign_in(organizer).post(page, {"address": told})
        assert 'aria-invalid="true"' in answer.content.decode()
    assert not Webhook.objects.exists()


def test_secret_is_shown_once_and_the_log_to_organizers_only(event, organizer, author, sign_in):
    browser, page = sign_in(organizer), reverse("notices:webhooks", args=[event.slug])
    shown = browser.post(page, {"address": "https://example.org/hook"}).content.decode()
    secret = Webhook.objects.get().secret
    assert secret in shown
    later = browser.get(page).content.decode()
    assert secret not in later
    assert "add_webhook" in later
    assert sign_in(author).get(page).status_code == 404
