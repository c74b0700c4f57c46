"""Until when: time given to one person, which is their team's; what an archived event keeps."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import actions as events
from events.models import Phase
from notices.models import Mail
from submissions.entries import actions, deadline
from submissions.entries.models import EntryType, Submission
from tests.conftest import close_phase
from theme.refusal import Refused


def give_time(organizer, event, to, **ahead) -> None:
    """More time in the submission phase, or with a negative span time that is over."""
    phase = event.phases.get(kind=Phase.Kind.SUBMISSION)
    events.extend(organizer, phase, to=to, until=timezone.now() + timedelta(**ahead))


def test_extension_of_one_is_time_for_all_who_write_it(
    organizer, event, author, mate, rival, draft
):
    close_phase(event, "submission")
    kind = draft.entry_type
    with pytest.raises(Refused) as refused:
        actions.submit(mate, draft)
    assert refused.value.code == "deadline.passed"
    give_time(organizer, event, author, hours=1)
    version = actions.submit(mate, draft)
    assert version.late_by is None  # it was granted
    with pytest.raises(Refused):  # another team has no more time than before
        actions.create_draft(rival, event, track=draft.track, entry_type=kind, title="Rival")


def test_extension_lets_a_person_begin(organizer, event, author, team):
    close_phase(event, "submission")
    give_time(organizer, event, author, hours=1)
    assert actions.create_draft(author, event, track=event.tracks.first(), title="Late").pk


def test_extension_does_not_move_a_window_of_its_own(organizer, event, author, draft):
    now = timezone.now()
    EntryType.objects.update(opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))
    give_time(organizer, event, author, hours=1)
    with pytest.raises(Refused):
        actions.submit(author, draft)


def test_deadline_deals_with_a_draft_when_its_own_time_is_over(organizer, event, author, draft):
    close_phase(event, "submission")
    give_time(organizer, event, author, hours=1)
    deadline.strike()
    draft.refresh_from_db()
    assert draft.state == Submission.State.DRAFT  # its people may still write
    give_time(organizer, event, author, minutes=-1)
    deadline.strike()
    deadline.strike()
    draft.refresh_from_db()
    assert draft.state == Submission.State.SUBMITTED
    assert Mail.objects.filter(recipient=author, cause__startswith="receipt:").count() == 1


def test_archived_event_takes_nothing_and_keeps_its_gallery(
    organizer, event, author, submission, sign_in
):
    Submission.objects.filter(pk=submission.pk).update(revealed_at=timezone.now())
    now = timezone.now()
    EntryType.objects.update(opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=1))
    events.set_state(organizer, event, state="archived")
    assert sign_in(None).get(submission.get_absolute_url()).status_code == 200
    with pytest.raises(Refused) as refused:
        actions.withdraw(author, submission)
    assert refused.value.code == "deadline.passed"


def test_time_that_is_set_on_a_page_is_the_events(sign_in, organizer, event, submission):
    """Whoever sets it, and wherever they are."""
    event.timezone = "Asia/Kathmandu"  # 5:45 ahead
    event.save()
    browser, until = sign_in(organizer), "2099-01-01T12:00"
    page = reverse("entries:reopen", args=[event.slug, submission.pk])
    assert "Asia/Kathmandu" in browser.get(page).content.decode()
    browser.post(page, {"until": until, "reason": "A power cut."})
    browser.post(reverse("entries:gallery_settings", args=[event.slug]), {"opens_at": until})
    told = submission.reopenings.get().until, event.gallery.opens_at
    assert [time.isoformat() for time in told] == ["2099-01-01T06:15:00+00:00"] * 2
