from html import unescape

import pytest
from django.urls import reverse

from events.models import Phase
from judging.panel.conflicts import declare_conflict
from judging.panel.models import Assignment, Conflict
from tests.conftest import close_phase, make_user
from tests.judging.conftest import make_judge, make_submission

POSTS = ["preset", "add_judge", "assign_all", "assign", "conflict"]


def page_of(browser, event):
    answer = browser.get(reverse("panel:detail", args=[event.slug]))
    return unescape(answer.content.decode())


def test_panel_shows_judges_criteria_and_assignments(sign_in, event, organizer, assignment):
    page = page_of(sign_in(organizer), event)
    assert "Originality" in page
    assert "Judge" in page
    assert str(assignment.submission) in page


@pytest.mark.parametrize("who", ["judge", "author", "stranger"])
def test_panel_does_not_exist_for_others(request, sign_in, event, submission, judge, who):
    browser = sign_in(request.getfixturevalue(who))
    for name in ["detail", "criterion_add"]:
        assert browser.get(reverse(f"panel:{name}", args=[event.slug])).status_code == 404
    for name in POSTS:
        assert browser.post(reverse(f"panel:{name}", args=[event.slug])).status_code == 404


@pytest.mark.parametrize("name", POSTS)
def test_get_of_a_verb_changes_nothing(sign_in, event, organizer, name):
    answer = sign_in(organizer).get(reverse(f"panel:{name}", args=[event.slug]))
    assert answer.status_code == 405


def test_panel_of_another_event_stays_closed(sign_in, event, other_event, organizer):
    assert sign_in(organizer).get(reverse("panel:detail", args=["winter"])).status_code == 404


def test_odd_address_of_a_judge_is_said_beside_the_field_with_what_was_typed(
    sign_in, event, organizer
):
    url = reverse("panel:add_judge", args=[event.slug])
    page = unescape(sign_in(organizer).post(url, {"email": "typo@"}).content.decode())
    assert "valid email address" in page
    assert 'value="typo@"' in page


def test_judge_without_an_account_stands_among_the_invited(sign_in, event, organizer):
    url = reverse("panel:add_judge", args=[event.slug])
    told = {"email": "far@example.org"}
    page = unescape(sign_in(organizer).post(url, told, follow=True).content.decode())
    assert "far@example.org is invited to judge." in page
    assert "Invited, not here yet:" in page


def test_assign_everything_by_the_button(sign_in, event, organizer, judge, submission):
    url = reverse("panel:assign_all", args=[event.slug])
    answer = sign_in(organizer).post(url, {"reviews": 3}, follow=True)
    page = unescape(answer.content.decode())
    assert Assignment.objects.get().judge == judge
    assert "Too few judges without an interest and with time for: Kestrel" in page


def test_judges_whom_conflicts_keep_apart_are_named(sign_in, event, organizer, judge):
    other = make_judge(event, "other")
    for reader, title in ((judge, "Ant"), (other, "Bee")):
        declare_conflict(organizer, make_submission(event, title), judge=reader)
    url = reverse("panel:assign_all", args=[event.slug])
    page = unescape(sign_in(organizer).post(url, {"reviews": 1}, follow=True).content.decode())
    assert "keep these judges apart" in page
    assert "Judge; Other" in page or "Other; Judge" in page


def test_assignment_of_another_event_cannot_be_taken_back(
    sign_in, event, other_event, organizer, assignment
):
    from events import actions as events

    rival = make_user("winterboss")
    events.grant_role(None, other_event, to=rival, kind="owner")
    url = reverse("panel:unassign", args=[other_event.slug, assignment.pk])
    assert sign_in(rival).post(url).status_code == 404
    assert Assignment.objects.filter(pk=assignment.pk).exists()


def test_organizer_notes_a_conflict(sign_in, event, organizer, judge, submission):
    url = reverse("panel:conflict", args=[event.slug])
    told = {"submission": submission.pk, "judge": judge.pk, "reason": "Same company."}
    page = unescape(sign_in(organizer).post(url, told, follow=True).content.decode())
    assert Conflict.objects.get().reason == "Same company."
    assert "Same company." in page


def test_criterion_with_too_few_words_is_refused_beside_the_field(sign_in, event, organizer):
    close_phase(event, Phase.Kind.JUDGING)
    url = reverse("panel:criterion_add", args=[event.slug])
    told = {"name": "Joy", "question": "Fun?", "weight": 2, "steps": 3, "position": 0}
    browser = sign_in(organizer)
    page = unescape(browser.post(url, told | {"words": "dull\nfine"}).content.decode())
    assert "2 lines for 3 steps" in page
    assert not event.criteria.exists()
    browser.post(url, told | {"words": "dull\nfine\ngreat"})
    assert event.criteria.get().scale == [(1, "dull"), (2, "fine"), (3, "great")]


def test_panel_asks_the_database_as_often_for_three_as_for_one(
    sign_in, event, organizer, assignment, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = sign_in(organizer)
    with CaptureQueriesContext(connection) as first:
        page_of(browser, event)
    for name in ("Ant", "Bee"):
        submission = make_submission(event, name)
        Assignment.objects.create(judge=make_judge(event, f"j{name}"), submission=submission)
    with django_assert_num_queries(len(first)):
        page_of(browser, event)
