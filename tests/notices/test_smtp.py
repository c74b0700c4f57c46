"""Real senders against a real SMTP server: nobody gets a mail twice, whoever dies (I6, F40)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.utils import timezone

from notices import sending
from notices.models import Mail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
SLOW = "slow@example.org"


class Sink:
    """Takes every mail; for one address it takes the mail and keeps the answer back."""

    def __init__(self) -> None:
        self.got: Counter = Counter()
        self.holding = threading.Event()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.got.update(envelope.rcpt_tos)
        if SLOW in envelope.rcpt_tos:
            import asyncio

            self.holding.set()
            await asyncio.sleep(60)
        return "250 OK"


@pytest.fixture
def sink():
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=0, ready_timeout=20)
    controller.port = _free_port()
    controller.start()
    sink.port = controller.port
    yield sink
    controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def queue(*addresses: str) -> None:
    Mail.objects.bulk_create(
        Mail(address=address, cause="tried", subject="S", text="T", not_before=timezone.now())
        for address in addresses
    )


@pytest.fixture
def sender(sink, tmp_path):
    """`sender()` starts one more of the real processes."""
    started = []
    url = urlsplit(os.environ["DATABASE_URL"])
    database = url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {
        "DATABASE_URL": database,
        "PODIUM_VAR": str(tmp_path),
        "PODIUM_SMTP_HOST": "127.0.0.1",
        "PODIUM_SMTP_PORT": str(sink.port),
        "PODIUM_SMTP_TLS": "0",
    }

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "manage", "send_mail", "--every", "0.2"]
        started.append(subprocess.Popen(command, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(20)


def wait_for(condition, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, Counter(Mail.objects.values_list("state", flat=True))
        time.sleep(0.05)


def test_sender_killed_between_sending_and_marking_leaves_one_mail_unknown(sink, sender):
    """F40: the server has it, nobody knows; it is not sent again by itself."""
    queue(SLOW)
    process = sender()
    assert sink.holding.wait(90)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    assert Mail.objects.get().state == "sending"
    Mail.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    queue("other@example.org")
    sender()
    wait_for(lambda: Mail.objects.filter(state="sent").exists())
    assert Mail.objects.get(address=SLOW).state == "unknown"
    assert sink.got == {SLOW: 1, "other@example.org": 1}


def test_two_senders_at_once_send_each_mail_once_and_say_what_was_refused(sink, sender):
    people = [f"p{number}@example.org" for number in range(60)]
    queue(*people, "nobody@example.org")
    sender(), sender()
    wait_for(lambda: not Mail.objects.filter(state__in=["queued", "sending"]).exists())
    assert sink.got == dict.fromkeys(people, 1)
    refused = Mail.objects.get(state="failed")
    assert refused.address == "nobody@example.org"
    assert "no such user" in refused.trouble


def test_mail_waits_while_the_server_is_away_and_leaves_when_it_is_back(sink, settings):
    """SMTP down: no mail is touched, and none is lost."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _free_port()
    queue("a@example.org", "b@example.org")
    with pytest.raises(sending.Unreachable):
        sending.send_due()
    assert not sink.got
    settings.EMAIL_PORT = sink.port
    assert sending.send_due() == 2
    assert set(Mail.objects.values_list("state", "trouble")) == {("sent", "")}
