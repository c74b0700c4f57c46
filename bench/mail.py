"""Mail to many with senders that die (L10, F40): nobody gets it twice, nobody is forgotten.

    python bench/mail.py --mails 2500 --senders 2 --kills 3 --seed 1

Real senders, a real PostgreSQL and a real SMTP server on this machine; at random moments a sender
is killed with SIGKILL and started anew. Exit code 1 if somebody got two, or if more are unknown
than senders were killed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter

import site_under_test as site


class Sink:
    def __init__(self) -> None:
        self.got: Counter[str] = Counter()

    async def handle_DATA(self, _server, _session, envelope):
        self.got.update(envelope.rcpt_tos)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def smtp_at(port: int) -> None:
    """For the senders that are started from here on."""
    os.environ |= {
        "PODIUM_SMTP_HOST": "127.0.0.1",
        "PODIUM_SMTP_PORT": str(port),
        "PODIUM_SMTP_TLS": "0",
    }


def start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "send_mail", "--every", "0.5"]
    return subprocess.Popen(command, cwd=site.ROOT, env=os.environ)


def queue(number: int) -> None:
    from notices.models import Mail

    Mail.objects.bulk_create(
        (
            Mail(address=f"p{n}@example.org", cause="bench", subject="News", text="Hello\n" * 40)
            for n in range(number)
        ),
        batch_size=500,
    )


def run(arguments: argparse.Namespace, sink: Sink) -> dict[str, object]:
    from notices.models import Mail

    chance, senders, kills = random.Random(arguments.seed), [], 0
    begun = time.monotonic()
    senders = [start() for _ in range(arguments.senders)]
    steps = sorted(chance.sample(range(1, arguments.mails), arguments.kills))
    while Mail.objects.filter(state="queued").exists() and time.monotonic() - begun < 1200:
        if kills < len(steps) and sum(sink.got.values()) >= steps[kills]:
            victim = chance.randrange(len(senders))
            senders[victim].send_signal(signal.SIGKILL)
            senders[victim].wait()
            senders[victim] = start()
            kills += 1
        time.sleep(0.01)
    took = time.monotonic() - begun
    time.sleep(1)
    for sender in senders:
        sender.terminate()
        sender.wait()
    return judged(arguments, sink, kills, took)


def judged(arguments: argparse.Namespace, sink: Sink, kills: int, took: float) -> dict[str, object]:
    from datetime import timedelta

    from django.db.models import Count
    from django.utils import timezone

    from notices import sending
    from notices.models import Mail

    Mail.objects.filter(state="sending").update(claimed_at=timezone.now() - timedelta(hours=1))
    sending.mark_lost()  # as ten minutes later
    states = dict(Mail.objects.order_by().values_list("state").annotate(Count("pk")))
    twice = sum(count > 1 for count in sink.got.values())
    told = set(Mail.objects.filter(state="sent").values_list("address", flat=True))
    return {
        "mails": arguments.mails,
        "senders": arguments.senders,
        "kills": kills,
        "seconds": round(took, 1),
        "per_second": round(arguments.mails / took, 1),
        "states": states,
        "got_two": twice,
        "said_sent_but_never_got": len(told - set(sink.got)),
        "right": twice == 0 and told <= set(sink.got) and states.get("unknown", 0) <= kills,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("mails", 2500), ("senders", 2), ("kills", 3), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    arguments = parser.parse_args()
    with site.servers():
        found = measure(arguments, free_port())
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0 if found["right"] else 1


def measure(arguments: argparse.Namespace, port: int) -> dict[str, object]:
    from aiosmtpd.controller import Controller
    from django.db import connection

    smtp_at(port)
    queue(arguments.mails)
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    try:
        return run(arguments, sink)
    finally:
        controller.stop()
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
