"""Of a judge: the reasons of conflicts of interest are personal, that there was one is not."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from judging.panel.models import Conflict


def collect(user: User) -> list[Any]:
    found = Conflict.objects.filter(judge=user)
    return list(found.values("submission", "reason", "declared_at"))


def erase(user: User) -> None:
    Conflict.objects.filter(Q(judge=user) | Q(declared_by=user)).update(reason="")
