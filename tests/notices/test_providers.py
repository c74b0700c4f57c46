"""Mail by a provider's HTTP interface (django-anymail), against a server that answers like one."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import checks, mail
from notices import sending
from notices.models import Mail

ANSWER = {"ErrorCode": 0, "Message": "OK", "To": "a@example.org", "MessageID": "1"}


@pytest.fixture
def postmark(settings):
    class Provider(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.got.append(told)
            status = server.status
            body = json.dumps([ANSWER] if status == 200 else {"ErrorCode": 1, "Message": "no"})
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Provider)
    server.got, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.EMAIL_BACKEND = mail.backend("postmark")
    address = f"http://127.0.0.1:{server.server_port}/"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "POSTMARK_API_URL": address}
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def queued() -> Mail:
    return Mail.objects.create(address="a@example.org", subject="Hello", text="Word.", cause="c")


def test_mail_goes_out_by_the_provider_with_its_own_id(db, postmark):
    letter = queued()
    assert sending.send_due() == 1
    (told,) = postmark.got
    assert told["To"] == "a@example.org"
    assert {"Name": "Message-ID", "Value": letter.message_id} in told["Headers"]
    letter.refresh_from_db()
    assert letter.state == Mail.State.SENT


@pytest.mark.parametrize(("status", "state"), [(429, "queued"), (422, "failed"), (500, "unknown")])
def test_what_a_provider_refuses_is_known_as_such(db, postmark, status, state):
    postmark.status = status
    letter = queued()
    assert sending.send_due() == 0
    letter.refresh_from_db()
    assert letter.state == state
    assert letter.trouble


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("PODIUM_MAIL_POSTMARK_SERVER_TOKEN", " secret ")
    monkeypatch.setenv("PODIUM_MAIL_FROM", "Podium <podium@example.org>")
    told = mail.provider_settings()
    assert told["POSTMARK_SERVER_TOKEN"] == "secret"
    assert "FROM" not in told


def test_unknown_provider_stops_the_start_with_the_known_ones():
    with pytest.raises(ImproperlyConfigured, match=r"'pigeon'; choose one of: .*postmark"):
        mail.backend("pigeon")


def test_missing_key_is_told_before_the_first_mail(settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {}
    settings.EMAIL_BACKEND = mail.backend("postmark")
    assert "podium.E001" in {one.id for one in checks.nothing_is_left_in_files()}
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t"}
    assert "podium.E001" not in {one.id for one in checks.nothing_is_left_in_files()}
