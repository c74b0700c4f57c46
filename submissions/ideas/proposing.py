"""An applicant begins a proposal for an idea, changes which one it is for, asks its mentors."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Track
from notices.actions import post, record
from submissions.entries.actions import create_draft
from submissions.entries.entry_types import use_default_types
from submissions.entries.locking import lock_person, locked
from submissions.entries.models import Submission
from submissions.ideas import rules
from submissions.ideas.models import Enquiry, ForIdea, Idea
from submissions.ideas.reading import accounts, pass_on
from theme.refusal import Refused

OFTEN, WITHIN = 5, timedelta(hours=1)  # as many as a person writes in that time


@transaction.atomic
def begin(user: User, idea: Idea, *, track: Track | None = None, key: str = "") -> Submission:
    """A draft of a proposal for `idea`; a request sent again with its `key` makes one."""
    idea = Idea.objects.select_related("event").get(pk=idea.pk)  # as it stands now
    use_default_types(None, idea.event)
    kind = rules.proposal_type(idea.event)
    if kind is None or not rules.can_propose(user, idea):
        raise Refused(_("Nothing can be proposed for this idea now."), code="proposal.closed")
    title = (_("Proposal: %(idea)s") % {"idea": idea})[: kind.asked["title"]["limit"]]
    draft = create_draft(user, idea.event, entry_type=kind, track=track, title=title, key=key)
    if not ForIdea.objects.filter(submission=draft).exists():
        choose(user, draft, idea=idea)
    return draft


@transaction.atomic
def choose(user: User, submission: Submission, *, idea: Idea | None) -> ForIdea:
    """Says what a proposal is for; None is an idea of the applicant's own. While it is a draft."""
    found = locked(user, submission)
    if not rules.can_choose(user, found):
        raise Refused(
            _("This is handed in; which idea it is for stays as it is."), code="proposal.final"
        )
    chosen, _made = ForIdea.objects.select_for_update(of=("self",)).get_or_create(submission=found)
    before = chosen.idea
    if idea is not None and idea != before and not _open_to(user, found, idea):
        raise Refused(_("Choose one of the ideas in the list."), code="proposal.foreign_idea")
    chosen.idea = idea
    chosen.save(update_fields=["idea"])
    pass_on(user, [found], before=accounts(before), after=accounts(idea))
    record(user, "choose_idea", found, idea=idea.pk if idea else None)
    return chosen


def _open_to(user: User, submission: Submission, idea: Idea) -> bool:
    listed = Idea.objects.published().filter(pk=idea.pk, event_id=submission.event_id)
    return listed.exists() and not idea.mentors.filter(user=user).exists()


@transaction.atomic
def ask(user: User, idea: Idea, *, text: str) -> Enquiry:
    """Writes to the mentors that have an account; they answer by mail. Raises Refused if it is
    empty, too long, or the sixth within an hour; then nothing is sent."""
    if not rules.can_ask(user, idea):
        raise Refused(_("Nobody can be asked about this idea now."), code="enquiry.closed")
    text = _checked(text)
    lock_person(user)
    if user.enquiries.filter(created_at__gt=Now() - WITHIN).count() >= OFTEN:
        raise Refused(
            _("You have asked %(n)d times within an hour. Wait a little; your text is still here.")
            % {"n": OFTEN},
            code="enquiry.too_many",
        )
    made = Enquiry.objects.create(idea=idea, author=user, text=text)
    record(user, "ask_mentors", idea, enquiry=made.pk)
    for mentor in accounts(idea):
        _tell(mentor, made)
    return made


def _checked(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused(_("Write your question first."), code="enquiry.empty")
    if len(text) > Enquiry.LONGEST:
        raise Refused(
            _("That is %(n)d characters; %(most)d are allowed. Shorten it.")
            % {"n": len(text), "most": Enquiry.LONGEST},
            code="enquiry.too_large",
        )
    return text


def _tell(mentor: User, made: Enquiry) -> None:
    post(
        mentor,
        "ideas/mail/enquiry",
        cause=f"enquiry:{made.pk}",
        event=made.idea.event,
        title=made.idea.title,
        asker=str(made.author),
        address=made.author.email,
        text=made.text,
        idea_url=made.idea.get_absolute_url(),
    )
