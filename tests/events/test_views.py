"""Pages as organizers and people use them, each by one who may and with what can go wrong."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from events import actions, look, papers
from events.models import Event, Extension, Membership, Phase, Registration, Seeker
from events.rules import is_open
from notices.models import AuditEntry
from tests.conftest import close_phase, make_user
from theme.refusal import Refused


def url(name: str, event: Event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.slug, *more])


def test_newcomer_makes_and_publishes_a_hackathon(stranger, sign_in):
    """Counted in docs/events.md: five fields, then one button."""
    browser = sign_in(stranger)
    fields = {"kind": "hackathon", "name": "Winter sprint", "timezone": "Europe/Oslo"}
    days = {"first": "2030-01-10", "last": "2030-01-12"}
    answer = browser.post(reverse("events:create"), fields | days, follow=True)
    assert "This is a draft" in answer.content.decode()
    event = Event.objects.get(slug="winter-sprint")
    assert sign_in(make_user("guest")).get(event.get_absolute_url()).status_code == 404
    browser.post(url("state", event), {"state": "published"})
    assert is_open(event, Phase.Kind.REGISTRATION)
    assert sign_in(make_user("other")).get(event.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("kind", ["hackathon", "conference", "programme"])
def test_every_template_makes_an_event_that_exports(stranger, sign_in, kind):
    fields = {"kind": kind, "name": "One day", "timezone": "UTC"}
    today = timezone.now().date().isoformat()  # as soon as that, and for a single day
    sign_in(stranger).post(reverse("events:create"), fields | {"first": today, "last": today})
    event = Event.objects.get()
    assert event.kind == kind
    assert b"phases:" in sign_in(stranger).get(url("written", event)).content


def test_wizard_keeps_what_was_typed_when_the_days_are_wrong(stranger, sign_in):
    told = {"kind": "hackathon", "name": "Winter", "timezone": "UTC"}
    wrong = {"first": "2030-01-12", "last": "2030-01-10"}
    answer = sign_in(stranger).post(reverse("events:create"), told | wrong).content.decode()
    assert "The last day is before the first." in answer
    assert 'value="Winter"' in answer
    assert not Event.objects.exists()


def test_clone_has_the_structure_and_nobody_in_it(event, author, organizer, sign_in):
    event.timezone = "Europe/Oslo"
    event.save()
    told = {"name": "Summer again", "first": "2031-06-01"}
    sign_in(organizer).post(url("clone", event), told)
    clone = Event.objects.get(slug="summer-again")
    assert [t.slug for t in clone.tracks.all()] == ["tools", "web"]
    assert (clone.state, clone.registrations.count()) == ("draft", 0)
    assert [r.user for r in clone.roles.all()] == [organizer]
    old, new = (e.phases.get(kind="event").opens_at.astimezone(event.zone) for e in (event, clone))
    assert (new.date().isoformat(), new.time()) == ("2031-06-01", old.time())


def test_times_are_typed_on_the_events_clock(event, organizer, sign_in):
    """B83: half past two exists twice or not at all on the nights when the clock is moved."""
    event.timezone = "Europe/Oslo"
    event.save()
    phase = event.phases.get(kind="submission")
    told = {"kind": "submission", "name": "", "opens_at": "2030-01-01T09:00", "grace": "2"}
    page, browser = url("part", event, "phases", phase.pk), sign_in(organizer)
    browser.post(page, told | {"closes_at": "2030-07-01T18:00"})
    phase.refresh_from_db()
    assert phase.closes_at.isoformat() == "2030-07-01T16:00:00+00:00"
    answer = browser.post(page, told | {"closes_at": "2030-03-31T02:30"}).content.decode()
    assert "interpreted in time zone" in answer


def test_more_time_for_one_person_is_for_that_person(event, author, rival, organizer, sign_in):
    close_phase(event, Phase.Kind.SUBMISSION)
    phase = event.phases.get(kind="submission")
    until = (timezone.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    told = {"email": author.email, "until": until, "reason": "ill"}
    sign_in(organizer).post(url("extend", event, phase.pk), told)
    assert is_open(event, Phase.Kind.SUBMISSION, author)
    assert not is_open(event, Phase.Kind.SUBMISSION, rival)
    assert Extension.objects.get().reason == "ill"


def test_fields_that_are_not_on_the_form_change_nothing(event, organizer, sign_in):
    """B61."""
    told = {"name": "Summer", "kind": "hackathon", "timezone": "UTC", "state": "archived"}
    more = {"slug": "stolen", "results_at": "2020-01-01T00:00", "admission": "invitation"}
    sign_in(organizer).post(url("settings", event, "basics"), told | more)
    event.refresh_from_db()
    assert (event.slug, event.state, event.results_at) == ("summer", "published", None)
    assert event.admission == "open"


@pytest.mark.parametrize(
    ("colour", "on", "readable"),
    [("#16202e", "#ffffff", True), ("#f5a800", "#ffffff", False), ("#777777", "#808080", False)],
)
def test_colours_that_cannot_be_read_are_refused(event, organizer, sign_in, colour, on, readable):
    answer = sign_in(organizer).post(
        url("settings", event, "look"), {"colour": colour, "on_colour": on}
    )
    event.refresh_from_db()
    assert (event.colour == colour) is readable
    assert (answer.status_code == 302) is readable


def test_contrast_is_that_of_the_standard():
    assert look.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert look.contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert look.contrast("red", "#ffffff") is None


def picture(kind: str = "JPEG") -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (900, 300), "red").save(out, kind, exif=exif)
    return out.getvalue()


def test_logo_is_drawn_anew_without_what_the_file_told(event, organizer, sign_in):
    """B50, B51."""
    file = SimpleUploadedFile("logo.jpg", picture())
    told = {"colour": "#000000", "on_colour": "#ffffff", "logo": file}
    sign_in(organizer).post(url("settings", event, "look"), told)
    answer = sign_in(None).get(url("logo", event))
    kept = b"".join(answer.streaming_content)
    assert (answer["Content-Type"], kept[:4]) == ("image/png", b"\x89PNG")
    assert b"taken at home" not in kept
    assert Image.open(io.BytesIO(kept)).size == (512, 171)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"", b"\x89PNG\r\n\x1a\nnothing"])
def test_logo_that_is_no_picture_is_refused(event, organizer, sign_in, content):
    told = {"colour": "#000000", "on_colour": "#ffffff"}
    file = SimpleUploadedFile("logo.png", content)
    answer = sign_in(organizer).post(url("settings", event, "look"), told | {"logo": file})
    assert answer.status_code == 200
    event.refresh_from_db()
    assert not event.logo


def test_answers_that_miss_something_keep_what_was_typed(event, stranger, sign_in):
    event.questions.create(slug="diet", label="Diet", required="always")
    event.questions.create(slug="shirt", label="Shirt size", position=1)
    told = {"q-diet": "", "q-shirt": "medium"}
    answer = sign_in(stranger).post(url("registration", event), told).content.decode()
    assert "Please answer this question." in answer
    assert 'value="medium"' in answer
    assert not Registration.objects.filter(user=stranger).exists()


def test_file_is_kept_for_its_person_and_the_organizers(event, stranger, organizer, sign_in):
    event.questions.create(slug="cv", label="CV", kind="file")
    browser = sign_in(stranger)
    wrong = SimpleUploadedFile("cv.pdf", b"<html>")
    assert (
        "choose a PDF" in browser.post(url("registration", event), {"q-cv": wrong}).content.decode()
    )
    browser.post(url("registration", event), {"q-cv": SimpleUploadedFile("cv.pdf", b"%PDF-1.7")})
    answer = Registration.objects.get(user=stranger).answers.get()
    for person, status in ((stranger, 200), (organizer, 200), (make_user("nosy"), 404)):
        got = sign_in(person).get(url("answer_file", event, answer.pk))
        assert got.status_code == status, person
        if got.streaming:
            b"".join(got.streaming_content)


def test_lead_hands_over_and_removes_and_others_do_not(event, team, author, sign_in):
    actions.register(second := make_user("second"), event)
    actions.join_team(second, event, code=team.invite_code)
    with pytest.raises(Refused) as refused:
        actions.hand_over(second, team, to=second)
    assert refused.value.code == "team.not_yours"
    sign_in(author).post(url("team_member", event, second.pk, "lead"))
    assert Membership.objects.get(leads=True).user == second
    actions.remove_member(second, team, member=author)
    assert list(team.members.all()) == [second]


def test_board_brings_a_person_and_a_team_together(event, team, author, sign_in):
    actions.change_team(author, team, wanted="React", recruiting=True)
    actions.register(seeker := make_user("seeker"), event)
    browser = sign_in(seeker)
    browser.post(url("board", event), {"skills": "React, biology", "about": ""})
    assert "React, biology" in sign_in(author).get(url("board", event)).content.decode()
    browser.post(url("ask", event, team.pk), {"message": "May I?"})
    browser.post(url("ask", event, team.pk), {"message": "May I?"})
    asked = team.requests.get()
    sign_in(author).post(url("team_answer", event, asked.pk), {"answer": "yes"})
    assert team.members.filter(pk=seeker.pk).exists()
    assert not team.requests.exists()
    assert not Seeker.objects.exists()  # who has a team looks for none


def test_teams_are_fixed_when_submissions_close(event, team, author):
    actions.register(late := make_user("late"), event)
    close_phase(event, Phase.Kind.SUBMISSION)
    with pytest.raises(Refused) as refused:
        actions.join_team(late, event, code=team.invite_code)
    assert refused.value.code == "team.closed"


def test_submission_stays_with_the_team_whoever_leaves(event, team, author, submission):
    """B86: and each version keeps who handed it in."""
    actions.register(second := make_user("second"), event)
    actions.join_team(second, event, code=team.invite_code)
    actions.leave_team(author, team)
    kept = type(submission).objects
    assert submission in kept.own(second)
    assert submission not in kept.own(author)
    assert submission.versions.get().submitted_by == author


def test_export_holds_everybody_once_and_runs_nothing(event, organizer, sign_in):
    """B52."""
    evil = make_user("evil")
    evil.name = "=1+1"
    evil.save()
    actions.register(evil, event)
    browser = sign_in(organizer)
    text = b"".join(browser.get(url("people_export", event, "csv"))).decode("utf-8-sig")
    assert "'=1+1,evil@example.org" in text
    rows = b"".join(browser.get(url("people_export", event, "json")))
    assert rows.count(b"evil@example.org") == 1


def test_list_says_which_window_closes_next_and_asks_no_more_for_more_events(
    sign_in, event, other_event, django_assert_max_num_queries
):
    phase = event.phases.get(kind="voting")
    phase.closes_at = timezone.now() + timedelta(hours=2)
    phase.save()
    with django_assert_max_num_queries(4):
        page = sign_in(None).get(reverse("events:list")).content.decode()
    assert "Audience vote until" in page


def test_whoever_takes_a_list_away_stands_in_the_history(event, organizer, sign_in):
    browser, before = sign_in(organizer), AuditEntry.objects.count()
    browser.get(url("people_export", event, "csv"), {"state": "confirmed", "q": "kestrel"})
    for name in ("team_export", "invitation_export"):
        browser.get(url(name, event))
    taken = AuditEntry.objects.filter(verb="take_away", actor=organizer).order_by("id")
    assert [entry.details for entry in taken] == [
        {"what": "people.csv", "state": "confirmed", "searched": True},
        {"what": "teams.csv"},
        {"what": "invitations.csv"},
    ]
    assert AuditEntry.objects.count() == before + 3


def test_everybody_of_a_filtered_list_is_decided_at_once(event, author, organizer, sign_in):
    """On every page of it, and nobody whom the filter left out; a list that has changed is shown
    again first."""
    users = User.objects.bulk_create(User(email=f"p{n}@example.org", name="P") for n in range(60))
    applied = Registration.State.APPLIED
    Registration.objects.bulk_create(
        Registration(event=event, user=user, state=applied) for user in users
    )
    other = Registration.objects.create(event=event, user=make_user("someone"), state=applied)
    browser = sign_in(organizer)
    page = browser.get(url("people", event), {"q": "P"}).content.decode()
    assert "All 60 undecided of this list, on every page" in page
    form = {"everybody": "59", "verdict": "decline", "reason": "Full."}
    browser.post(url("decide", event) + "?q=P", form)
    assert Registration.objects.filter(state=applied).count() == 61
    browser.post(url("decide", event) + "?q=P", form | {"everybody": "60"})
    assert Registration.objects.get(state=applied) == other


@pytest.mark.parametrize("name", ["Ada", "Łukasz Żółć", "Ζωή", "x" * 200])
def test_badges_and_certificates_are_pdf_in_every_script(event, author, organizer, name):
    author.name = name
    author.save()
    one = Registration.objects.get(user=author)
    for draw in (papers.badges, papers.certificates):
        assert draw(event, [one]).startswith(b"%PDF")


def test_certificate_is_for_those_who_came(event, author, organizer, sign_in):
    browser = sign_in(author)
    assert browser.get(url("certificate", event)).status_code == 404
    ticket = Registration.objects.get(user=author).ticket
    actions.check_in(organizer, event, ticket=ticket)
    assert b"".join(browser.get(url("certificate", event))).startswith(b"%PDF")


def test_last_owner_stays(event, organizer, sign_in):
    role = event.roles.get(user=organizer)
    sign_in(organizer).post(url("take_role", event, role.pk))
    assert event.roles.filter(kind="owner").exists()


def test_archived_event_is_read_and_changes_no_more(event, organizer, stranger, sign_in):
    actions.set_state(organizer, event, state="archived")
    assert sign_in(None).get(event.get_absolute_url()).status_code == 200
    assert not is_open(event, Phase.Kind.SUBMISSION)
    with pytest.raises(Refused):
        actions.register(stranger, event)


@pytest.mark.parametrize("by", ["day", "country", "track", "state"])
def test_figure_is_drawn_from_what_people_said(event, author, organizer, sign_in, by):
    question = event.questions.create(slug="country", label="Country", kind="country")
    registration = Registration.objects.get(user=author)
    registration.answers.create(question=question, value="NO")
    answer = sign_in(organizer).get(url("figure", event, by))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert ("Norway" in text) is (by == "country")
    assert not re.search(r'"\d{4}-\d\d-\d\d', text)  # BokehJS draws no axis of dates as text


@pytest.mark.parametrize(("state", "seen"), [("declined", False), ("rejected", True)])
def test_reason_is_read_once_the_decision_is_told(event, author, sign_in, state, seen):
    event.registrations.filter(user=author).update(state=state, reason="Forty places only.")
    page = sign_in(author).get(url("registration", event)).content.decode()
    assert ("Forty places only." in page) is seen
