"""The outbox: one mail a person and cause, sent at most once (I6, F39 to F41, B53)."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as sent_mail
from django.db import transaction
from django.template import engines
from django.utils import timezone

from notices import sending
from notices.actions import post
from notices.models import Mail, Unsubscribed

RECEIPT = """{% load i18n %}{% blocktranslate %}Receipt for {{ title }}{% endblocktranslate %}
Dear {{ name }},

**{{ title }}** is in, see <{{ url }}>.
"""


@pytest.fixture(autouse=True)
def receipt(tmp_path, monkeypatch):
    """A template `tried/mail/receipt` as a room would have."""
    folder = tmp_path / "templates"
    (folder / "tried" / "mail").mkdir(parents=True)
    (folder / "tried" / "mail" / "receipt.txt").write_text(RECEIPT)
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "dirs", [str(folder)])
    for loader in engine.template_loaders:
        getattr(loader, "reset", lambda: None)()
    yield folder
    for loader in engine.template_loaders:
        getattr(loader, "reset", lambda: None)()


def receipt_for(person, title="Kestrel", cause="receipt:1", **options) -> Mail | None:
    facts = {"title": title, "url": "/events/summer/"}
    return post(person, "tried/mail/receipt", cause=cause, **facts, **options)


def test_mail_is_sent_once_with_text_and_html(author, event):
    mail = receipt_for(author, event=event)
    assert (sending.send_due(), sending.send_due()) == (1, 0)
    (message,) = sent_mail.outbox
    assert (message.subject, message.to) == ("Receipt for Kestrel", [author.email])
    assert "Dear Author," in message.body
    assert "<strong>Kestrel</strong>" in message.alternatives[0].content
    assert 'href="http://localhost:8000/events/summer/"' in message.alternatives[0].content
    assert message.extra_headers["Message-ID"] == mail.message_id
    mail.refresh_from_db()
    assert (mail.state, mail.event) == ("sent", "summer")
    assert mail.sent_at


def test_same_cause_twice_is_one_mail(author, rival):
    """F39: also when the address is written in other letters."""
    assert receipt_for(author)
    assert receipt_for(author) is None
    assert receipt_for(author.email.upper()) is None
    assert receipt_for(rival)
    assert receipt_for(author, cause="receipt:2")


def test_mail_of_a_transaction_rolled_back_does_not_exist(author):
    """F41."""
    with transaction.atomic():
        receipt_for(author)
        transaction.set_rollback(True)
    assert sending.send_due() == 0


@pytest.mark.parametrize(
    "title",
    [
        "x\r\nBcc: everybody@example.org",
        "{{7*7}} {user.password} %s",
        "[click](https://evil.example)",
        "<b>bold</b> <https://evil.example>",
        "![x](https://evil.example/x.png)",
        "# heading\n\n    code\n\n1. one\n---\n===",
        "\x00 a `b` *c* _d_ ~~e~~ | f | \\",
    ],
)
def test_what_a_person_wrote_is_shown_literally(author, title):
    """B53: one header, no link, no markup; the placeholders of users are text."""
    mail = receipt_for(author, title=title)
    assert "\n" not in mail.subject
    assert sending.send_due() == 1
    assert sent_mail.outbox[0].message()["Bcc"] is None
    body = mail.html.partition("<main>")[2].partition("</main>")[0]
    assert body.count("<a ") == 1  # our own
    for tag in ("<img", "<b>", "<code", "<em", "<h2", "<h3", "<ol", "<hr", "<s>", "49"):
        assert tag not in body


def test_model_is_no_fact(author, event):
    with pytest.raises(TypeError, match="title"):
        receipt_for(author, title=event)


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nc@d.org"])
def test_address_that_is_none_gets_nothing(db, address):
    assert receipt_for(address) is None


def test_deactivated_person_gets_nothing(author):
    author.is_active = False
    assert receipt_for(author) is None


def test_optional_mail_can_be_unsubscribed_by_a_mail_program(author, event, client):
    """RFC 8058: the address in the header takes a POST without a session; receipts still come."""
    receipt_for(author, event=event, optional=True)
    sending.send_due()
    headers = sent_mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].removeprefix("<http://localhost:8000").removesuffix(">")
    assert client.get(path).status_code == 200
    assert not Unsubscribed.objects.exists()  # a look changes nothing
    client.post(path, {"List-Unsubscribe": "One-Click"})
    assert receipt_for(author, event=event, optional=True, cause="news:2") is None
    assert receipt_for(author, event=event, cause="receipt:2")


def test_who_unsubscribes_gets_nothing_that_waits(author, event):
    mail = receipt_for(author, event=event, optional=True)
    Unsubscribed.objects.create(address=author.email, event="")
    assert sending.send_due() == 0
    mail.refresh_from_db()
    assert mail.state == "stopped"


def test_unsubscribe_link_of_somebody_else_does_not_exist(client, db):
    assert client.get("/unsubscribe/WyJhQGV4Lm9yZyIsIiJd:1abc:forged/").status_code == 404


REFUSED_FOR_NOW = smtplib.SMTPRecipientsRefused({"a@b.org": (451, b"greylisted")})


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (REFUSED_FOR_NOW, "queued"),
        (smtplib.SMTPSenderRefused(421, b"too many", "me"), "queued"),
        (smtplib.SMTPDataError(452, b"full"), "queued"),
        (smtplib.SMTPRecipientsRefused({"a@b.org": (550, b"no such user")}), "failed"),
        (smtplib.SMTPDataError(554, b"spam"), "failed"),
        (ValueError("Header values can't contain newlines"), "failed"),
        (smtplib.SMTPServerDisconnected("gone"), "unknown"),
        (TimeoutError("no answer"), "unknown"),
        (RuntimeError("who knows"), "unknown"),
    ],
)
def test_only_what_certainly_was_refused_is_tried_again(author, error, state, monkeypatch):
    """F40: when in doubt a person decides."""
    mail = receipt_for(author)
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", raising(error)
    )
    assert sending.send_due() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (state, 1)
    assert type(error).__name__ in mail.trouble
    assert state != "queued" or mail.not_before > timezone.now()


def raising(error):
    def send(_backend, _messages):
        raise error

    return send


def test_attempts_end(author, monkeypatch):
    mail = receipt_for(author)
    Mail.objects.update(attempts=sending.ATTEMPTS - 1)
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", raising(REFUSED_FOR_NOW)
    )
    sending.send_due()
    mail.refresh_from_db()
    assert mail.state == "failed"


def test_server_that_is_away_costs_no_attempt_and_is_told(author, settings):
    mail = receipt_for(author)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(sending.Unreachable):
        sending.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 0)
    assert "cannot be reached" in mail.trouble


def test_mail_of_a_dead_sender_becomes_unknown_and_is_not_sent_again(author):
    """I6: not before ten minutes, and never by itself afterwards."""
    mail = receipt_for(author)
    assert sending.claim() == mail
    sending.mark_lost()
    mail.refresh_from_db()
    assert mail.state == "sending"
    Mail.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    sending.mark_lost()
    mail.refresh_from_db()
    assert mail.state == "unknown"
    assert (sending.send_due(), sent_mail.outbox) == (0, [])
