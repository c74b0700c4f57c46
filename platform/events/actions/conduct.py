"""The code of conduct: a new version, and who accepted which, when."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events import rules
from events.models import Acceptance, Conduct, Event
from notices.actions import record
from theme.refusal import Refused


def accept_conduct(user: User, event: Event, *, version: int | None) -> None:
    """Refuses who has not accepted the newest version and does not do so now."""
    conduct = event.conducts.first()
    if conduct is None or Acceptance.objects.filter(conduct=conduct, user=user).exists():
        return
    if version != conduct.version:
        raise Refused(
            _("Read and accept the code of conduct (version %(version)d) first.")
            % {"version": conduct.version},
            code="conduct.not_accepted",
        )
    Acceptance.objects.get_or_create(conduct=conduct, user=user)
    record(user, "accept_conduct", conduct, version=version)


@transaction.atomic
def write_conduct(user: User, event: Event, *, text: str) -> Conduct:
    """The next version; those who accepted an earlier one are asked again."""
    if not rules.can_run(user, event):
        raise Refused(_("Only organizers change the event."), code="event.not_yours")
    last = Conduct.objects.select_for_update().filter(event=event).first()
    if last and last.text == text:
        return last
    conduct = event.conducts.create(version=last.version + 1 if last else 1, text=text)
    record(user, "write_conduct", conduct, version=conduct.version)
    return conduct
