"""Verbs of the outbox: a mail to many, one mail stopped or sent again, an event's own wording.

The pages have found the event for somebody who runs it (notices.occasions), and hand it in.
"""

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from notices import audiences, posting, wordings
from notices.actions import record
from notices.models import Campaign, Mail, Wording
from notices.posting import Occasion
from notices.unsubscribing import unsubscribed_addresses
from theme.refusal import Refused

TEMPLATE = "campaign"
KNOWN = sorted(wordings.ALWAYS)
BATCH = 500


@transaction.atomic
def save_draft(
    user: User,
    event: Occasion,
    *,
    campaign: Campaign | None,
    subject: str,
    text: str,
    groups: Sequence[str],
) -> Campaign:
    for part in (subject, text):
        wordings.check(part, KNOWN)
    content = {"subject": subject, "text": text, "groups": list(groups)}
    if campaign is None:
        campaign = Campaign.objects.create(event=event.slug, created_by=user, **content)
    else:
        drafts = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.DRAFT)
        if not drafts.update(revision=F("revision") + 1, **content):
            raise Refused(_("It is posted already; write a new one."), code="campaign.posted")
        campaign.refresh_from_db()
    record(user, "save_campaign", campaign, groups=campaign.groups)
    return campaign


def recipients(event: Occasion, campaign: Campaign) -> QuerySet[User]:
    """Exactly those who get it now: everybody chosen who has not unsubscribed."""
    people = audiences.people(event, campaign.groups)
    return people.exclude(email__in=unsubscribed_addresses(event.slug))


def fingerprint(campaign: Campaign, people: QuerySet[User]) -> str:
    """Of what the organizer saw: another text or another list is another one."""
    seen = f"{campaign.revision}:" + ",".join(str(pk) for pk in people.values_list("pk", flat=True))
    return hashlib.sha256(seen.encode()).hexdigest()


@transaction.atomic
def post_campaign(user: User, event: Occasion, campaign: Campaign, *, seen: str) -> int:
    """Queues a mail for each recipient; `seen` is the fingerprint of the page that showed them."""
    free = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.DRAFT)
    if not free.update(state=Campaign.State.POSTED, posted_at=Now()):
        raise Refused(_("It is posted already."), code="campaign.posted")
    campaign.refresh_from_db()
    people = recipients(event, campaign)
    if fingerprint(campaign, people) != seen:
        sentence = _("The text or the list has changed since you saw it. Look again.")
        raise Refused(sentence, code="campaign.changed")
    mails = [letter_to(person, event, campaign) for person in people]
    if not mails:
        raise Refused(_("Nobody is in this list."), code="campaign.empty")
    Mail.objects.bulk_create(mails, batch_size=BATCH, ignore_conflicts=True)
    record(user, "post_campaign", campaign, mails=len(mails))
    return len(mails)


def letter_to(person: User, event: Occasion, campaign: Campaign) -> Mail:
    facts = posting.usual_facts(person, event)
    letter = wordings.write(campaign.subject, campaign.text, facts)
    return Mail(
        recipient=person,
        address=person.email,
        event=event.slug,
        template=TEMPLATE,
        cause=campaign.cause,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        optional=True,
    )


@transaction.atomic
def stop_campaign(user: User, campaign: Campaign) -> int:
    """What has not left stays here; returns how many that were."""
    posted = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.POSTED)
    if not posted.update(state=Campaign.State.STOPPED):
        raise Refused(_("Only what is posted can be stopped."), code="campaign.not_posted")
    waiting = Mail.objects.of_event(campaign.event).filter(
        cause=campaign.cause, state=Mail.State.QUEUED
    )
    stopped = waiting.update(state=Mail.State.STOPPED)
    record(user, "stop_campaign", campaign, mails=stopped)
    return stopped


@transaction.atomic
def stop(user: User, mail: Mail) -> None:
    if not Mail.objects.filter(pk=mail.pk, state=Mail.State.QUEUED).update(
        state=Mail.State.STOPPED
    ):
        raise Refused(_("It does not wait any more."), code="mail.not_queued")
    record(user, "stop_mail", mail)


@transaction.atomic
def send_again(user: User, mail: Mail) -> None:
    """A person decides: also for what may have arrived. It has the Message-ID of before."""
    again = [Mail.State.FAILED, Mail.State.UNKNOWN, Mail.State.STOPPED]
    ended = Mail.objects.filter(pk=mail.pk, state__in=again)
    if not ended.update(state=Mail.State.QUEUED, attempts=0, trouble="", not_before=Now()):
        raise Refused(_("It waits, or it is sent."), code="mail.not_ended")
    record(user, "send_mail_again", mail, was=mail.state)


@transaction.atomic
def save_wording(user: User, event: Occasion, *, template: str, subject: str, text: str) -> Wording:
    allowed = wordings.placeholders(template)
    for part in (subject, text):
        wordings.check(part, allowed)
    wording, _made = Wording.objects.update_or_create(
        event=event.slug, template=template, defaults={"subject": subject, "text": text}
    )
    record(user, "word_mail", wording, template=template)
    return wording


@transaction.atomic
def forget_wording(user: User, event: Occasion, *, template: str) -> None:
    """Back to the site's own words."""
    for wording in Wording.objects.filter(event=event.slug, template=template):
        record(user, "forget_wording", wording, template=template)
        wording.delete()
