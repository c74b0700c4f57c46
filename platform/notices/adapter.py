"""Mail about accounts goes through the outbox, too: a page that sends one neither waits for the
mail server nor fails with it, and takes as long for a known address as for an unknown one (B67)."""

import uuid
from typing import Any

from allauth.core import context as current
from django.contrib.sites.shortcuts import get_current_site

from accounts.adapter import AccountAdapter as OwnAccount
from accounts.models import User
from notices import posting
from notices.letters import Letter, one_line


class AccountAdapter(OwnAccount):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request = current.request
        site = {"request": request, "email": email, "current_site": get_current_site(request)}
        message = self.render_mail(template_prefix, email, site | context)
        posting.queue(
            email,
            Letter(one_line(message.subject), message.body, ""),
            recipient=User.objects.filter(email__iexact=email).first(),
            template=template_prefix,
            cause=f"{template_prefix}:{uuid.uuid4()}",
            confidential=True,
        )
