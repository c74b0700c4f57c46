from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.actions import take_role
from events.models import Phase, Role
from judging.ballots import actions
from judging.ballots.models import Ballot
from judging.panel import actions as panel
from judging.panel import conflicts
from judging.panel.models import Conflict
from tests.conftest import close_phase
from tests.judging.conftest import make_submission, scores_of


def sheet(assignment):
    return reverse("ballots:sheet", args=[assignment.event.slug, assignment.submission_id])


def form(event, value, **more):
    return {f"criterion_{pk}": value for pk in scores_of(event, value)} | {"version": 0} | more


def text(answer):
    return unescape(answer.content.decode())


def test_dashboard_counts_what_is_done(sign_in, event, organizer, judge, assignment):
    panel.assign(organizer, make_submission(event, "Ant"), judge=judge)
    actions.submit(judge, assignment, scores=scores_of(event, 4))
    assert "1 of 2" in text(sign_in(judge).get(reverse("ballots:dashboard")))
    page = text(sign_in(judge).get(reverse("ballots:event", args=[event.slug])))
    assert "1 of 2" in page
    assert "Next: Ant" in page
    assert "submitted" in page


def test_dashboard_of_somebody_who_judges_nothing_says_so(sign_in, stranger):
    assert "Nothing is waiting" in text(sign_in(stranger).get(reverse("ballots:dashboard")))


def test_sheet_shows_the_submission_the_evidence_and_the_anchors(sign_in, judge, assignment):
    page = text(sign_in(judge).get(sheet(assignment)))
    assert "Finds broken sensors." in page
    assert reverse("reports:panel", args=[assignment.submission_id]) in page
    assert "polished" in page


@pytest.mark.parametrize("who", ["organizer", "second_judge", "author", "rival", "stranger"])
def test_sheet_of_a_judge_does_not_exist_for_others(request, sign_in, event, assignment, who):
    browser = sign_in(request.getfixturevalue(who))
    assert browser.get(sheet(assignment)).status_code == 404
    assert browser.post(sheet(assignment), form(event, 5)).status_code == 404
    for name in ("reopen", "conflict"):
        url = reverse(f"ballots:{name}", args=[event.slug, assignment.submission_id])
        assert browser.post(url).status_code == 404
    assert not Ballot.objects.exists()
    assert not Conflict.objects.exists()


def test_desk_does_not_exist_for_who_is_no_judge(sign_in, event, author, stranger):
    for user in (author, stranger):
        url = reverse("ballots:event", args=[event.slug])
        assert sign_in(user).get(url).status_code == 404


def test_sheet_under_another_event_does_not_exist(sign_in, other_event, judge, assignment):
    url = reverse("ballots:sheet", args=[other_event.slug, assignment.submission_id])
    assert sign_in(judge).get(url).status_code == 404


def test_draft_by_a_plain_form_comes_back_filled(sign_in, event, judge, assignment):
    first = event.criteria.first()
    browser = sign_in(judge)
    told = {f"criterion_{first.pk}": 4, "comment": "Neat.", "version": 0, "save": 1}
    page = text(browser.post(sheet(assignment), told, follow=True))
    assert "Your draft is saved." in page
    assert "Neat." in page
    assert f'name="criterion_{first.pk}" value="4" id="id_criterion_{first.pk}_3" checked' in page


def test_autosave_answers_with_the_time_and_the_next_version(sign_in, event, judge, assignment):
    browser = sign_in(judge)
    answer = browser.post(sheet(assignment), form(event, 4), headers={"HX-Request": "true"})
    assert "saved " in text(answer)
    assert 'name="version" value="1"' in text(answer)
    assert "<html" not in text(answer)
    assert Ballot.objects.get().state == Ballot.State.DRAFT


def test_autosave_of_an_older_version_says_so_and_stores_nothing(sign_in, event, judge, assignment):
    actions.save_draft(judge, assignment, scores=scores_of(event, 3))
    answer = sign_in(judge).post(sheet(assignment), form(event, 5), headers={"HX-Request": "true"})
    assert "another tab" in text(answer)
    assert set(Ballot.objects.get().scores.values_list("value", flat=True)) == {3}


def test_stale_form_shows_both_and_saving_again_is_a_decision(sign_in, event, judge, assignment):
    actions.save_draft(judge, assignment, scores=scores_of(event, 3))
    browser = sign_in(judge)
    page = text(browser.post(sheet(assignment), form(event, 5, comment="Mine.", save=1)))
    assert "Stored in the other tab" in page
    assert "Originality: 3" in page
    assert "Mine." in page
    assert 'name="version" value="1"' in page


def test_submit_goes_on_to_the_next_and_then_to_the_list(
    sign_in, event, organizer, judge, assignment
):
    following = panel.assign(organizer, make_submission(event, "Ant"), judge=judge)
    browser = sign_in(judge)
    assert browser.post(sheet(assignment), form(event, 4, submit=1)).url == sheet(following)
    last = browser.post(sheet(following), form(event, 2, submit=1))
    assert last.url == reverse("ballots:event", args=[event.slug])
    assert Ballot.objects.counted().count() == 2


def test_submit_with_a_gap_says_where_and_keeps_the_rest(sign_in, event, judge, assignment):
    first, *_others = event.criteria.all()
    told = form(event, 4, submit=1, comment="Kept.")
    del told[f"criterion_{first.pk}"]
    page = text(sign_in(judge).post(sheet(assignment), told))
    assert "Choose a step, then submit." in page
    assert "Kept." in page
    assert not Ballot.objects.exists()


def test_after_the_close_the_scores_can_be_read_not_changed(sign_in, event, judge, assignment):
    actions.submit(judge, assignment, scores=scores_of(event, 4), comment="Fine work.")
    close_phase(event, Phase.Kind.JUDGING)
    browser = sign_in(judge)
    page = text(browser.get(sheet(assignment)))
    assert "Judging is closed" in page
    assert "Fine work." in page
    assert 'type="radio"' not in page
    browser.post(sheet(assignment), form(event, 1, version=1, submit=1))
    assert set(Ballot.objects.get().scores.values_list("value", flat=True)) == {4}


def test_conflict_in_one_click_and_the_page_is_gone(sign_in, event, judge, assignment):
    browser = sign_in(judge)
    url = reverse("ballots:conflict", args=[event.slug, assignment.submission_id])
    page = text(browser.post(url, {"reason": "A friend."}, follow=True))
    assert "off your desk" in page
    assert browser.get(sheet(assignment)).status_code == 404
    assert browser.get(assignment.submission.get_absolute_url()).status_code == 404


def test_post_after_a_conflict_stores_nothing_and_says_why(sign_in, event, judge, assignment):
    """F43: the conflict comes between the page and the click."""
    browser = sign_in(judge)
    conflicts.declare_conflict(judge, assignment.submission, judge=judge)
    page = text(browser.post(sheet(assignment), form(event, 5, submit=1), follow=True))
    assert "no longer yours to judge" in page
    assert str(assignment.submission) not in page
    assert not Ballot.objects.exists()


def test_other_judges_scores_are_nowhere_on_a_judges_pages(
    sign_in, event, organizer, judge, second_judge, assignment
):
    theirs = panel.assign(organizer, assignment.submission, judge=second_judge)
    actions.submit(second_judge, theirs, scores=scores_of(event, 1), comment="CANARY comment")
    browser = sign_in(judge)
    for url in (
        sheet(assignment),
        reverse("ballots:event", args=[event.slug]),
        reverse("ballots:dashboard"),
        assignment.submission.get_absolute_url(),
    ):
        assert "CANARY" not in text(browser.get(url))
        assert "checked" not in text(browser.get(url))


def test_progress_is_numbers_for_organizers_only(sign_in, event, organizer, judge, assignment):
    actions.submit(judge, assignment, scores=scores_of(event, 1), comment="CANARY comment")
    url = reverse("ballots:progress", args=[event.slug])
    page = text(sign_in(organizer).get(url))
    assert "1 of 1 score sheets submitted" in page
    assert "CANARY" not in page
    assert sign_in(judge).get(url).status_code == 404


@pytest.mark.parametrize("name", ["dashboard", "event", "sheet"])
def test_pages_ask_the_database_as_often_for_three_as_for_one(
    sign_in, event, organizer, judge, assignment, django_assert_num_queries, name
):
    args = {"dashboard": [], "event": [event.slug]}
    url = sheet(assignment) if name == "sheet" else reverse(f"ballots:{name}", args=args[name])
    browser = sign_in(judge)
    with CaptureQueriesContext(connection) as first:
        browser.get(url)
    for title in ("Ant", "Bee"):
        panel.assign(organizer, make_submission(event, title), judge=judge)
    with django_assert_num_queries(len(first)):
        browser.get(url)


def test_autosave_never_submits_even_if_the_submit_button_has_the_focus(
    sign_in, event, judge, assignment
):
    """htmx adds the focused button to what it sends; only a real submit may count."""
    told = form(event, 4, submit="1")
    browser = sign_in(judge)
    browser.post(sheet(assignment), told, headers={"HX-Request": "true"})
    ballot = Ballot.objects.get()
    assert (ballot.state, ballot.scores.count()) == (Ballot.State.DRAFT, event.criteria.count())
    browser.post(sheet(assignment), told | {"version": ballot.version})  # the negative control
    ballot.refresh_from_db()
    assert ballot.is_submitted


def test_conflict_with_a_nul_in_its_reason_is_declared_without_it(
    sign_in, event, judge, assignment
):
    """B45: PostgreSQL has no text with a NUL, and a conflict must not be lost over it."""
    url = reverse("ballots:conflict", args=[event.slug, assignment.submission_id])
    sign_in(judge).post(url, {"reason": "old\x00 friend"})
    assert Conflict.objects.get(judge=judge).reason == "old friend"


def test_fields_that_are_not_the_judges_to_set_are_left_alone(
    sign_in, event, judge, second_judge, assignment
):
    """B61: mass assignment."""
    told = form(event, 3) | {
        "state": "submitted", "submitted_at": "2000-01-01", "judge": second_judge.pk,
        "assignment": 0, "seconds": 9999, "weight": 100, "reason": "hand", "dropped": 1,
    }  # fmt: skip
    sign_in(judge).post(sheet(assignment), told)
    ballot = Ballot.objects.get()
    assert (ballot.state, ballot.submitted_at) == (Ballot.State.DRAFT, None)
    assert (ballot.assignment, ballot.assignment.judge) == (assignment, judge)
    assert (ballot.seconds, ballot.assignment.dropped) == (0, False)
    assert event.criteria.filter(weight=100).count() == 0


def test_who_judges_no_longer_opens_no_link_kept_from_then(
    sign_in, event, organizer, judge, assignment
):
    """B63: the right is asked for at every download, not once when the link is made."""
    actions.submit(judge, assignment, scores=scores_of(event, 4))
    browser = sign_in(judge)
    kept = [sheet(assignment), f"{sheet(assignment)}versions/",
            assignment.submission.get_absolute_url()]  # fmt: skip
    assert [browser.get(url).status_code for url in kept] == [200, 200, 200]
    take_role(organizer, judge.roles.get(event=event, kind=Role.Kind.JUDGE))
    assert [browser.get(url).status_code for url in kept] == [404, 404, 404]
