"""What must be true of mail (I6) and of the audit trail (I8) at any time."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now

from notices.models import LOST, Mail

SLACK = timedelta(minutes=5)  # beyond which whoever sends must have found what was lost
TRIGGERS = {
    "postgresql": "SELECT count(*) FROM pg_trigger "
    "WHERE tgname = 'audit_is_append_only' AND tgenabled IN ('O', 'A')",
    "sqlite": "SELECT count(*) / 2 FROM sqlite_master WHERE type = 'trigger' "
    "AND name IN ('audit_refuses_update', 'audit_refuses_delete')",
}


def broken() -> Iterator[str]:
    forgotten = Mail.objects.lost().filter(claimed_at__lt=Now() - LOST - SLACK)
    for pk in forgotten.values_list("pk", flat=True):
        yield f"I6 mail {pk} is on its way for so long that nobody knows whether it arrived"
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        if not cursor.fetchone()[0]:
            yield "I8 the database would let somebody change the audit trail"
