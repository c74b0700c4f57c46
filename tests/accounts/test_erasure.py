"""All that is held about a person: handed out whole, and erased down to the database."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import actions, pictures
from accounts.models import User
from events.models import Registration
from judging.ballots import actions as ballots
from judging.panel import actions as panel
from notices import posting
from notices.actions import record
from notices.letters import Letter
from notices.models import AuditEntry
from theme.refusal import Refused

NAME, HOME = "Quetzalina Vantongeren", "https://quetzalina.example"
WORDS = ("quetzalina", "vantongeren", "zyzzogeton")


@pytest.fixture
def person(author, submission, team, event, organizer) -> User:
    """The author, with words that stand nowhere else, and traces in every room."""
    author.name, author.email = NAME, "quetzalina@vantongeren.example"
    author.affiliation, author.links = "Zyzzogeton Institute", [HOME]
    author.picture = "f" * 32
    author.save()
    author.emailaddress_set.update(email=author.email)
    author.emailaddress_set.create(email="second@zyzzogeton.example", verified=True)
    pictures.path(author.picture).parent.mkdir(parents=True)
    pictures.path(author.picture).write_bytes(b"a picture")
    record(author, "renamed", team, name=["Zyzzogeton", "Authors"])
    record(organizer, "invited", event, who=author.email)
    own = Letter("Dear Quetzalina", f"Dear {NAME}", f"<p>{NAME}</p>")
    posting.queue(author.email, own, cause="own", recipient=author, event=event.slug, template="t")
    told = Letter(f"{NAME} asks to join", f"See {HOME}", f"<b>{NAME}</b>")
    posting.queue(organizer.email, told, cause="told", recipient=organizer, template="t")
    return author


def just_signed_in(user: User) -> Client:
    browser = Client()
    form = {"login": user.email, "password": "correct horse"}
    assert browser.post(reverse("account_login"), form).status_code == 302
    browser.post(reverse("account_reauthenticate"), {"password": "correct horse"})
    return browser


def every_text() -> str:
    """Every value of every column of every table, as the database holds it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(found).lower()


def mentions() -> list[str]:
    return [line for line in every_text().splitlines() if any(word in line for word in WORDS)]


def test_nothing_in_any_table_names_an_erased_person(person, submission):
    assert len(mentions()) >= 6  # negative control: the search does find them
    actions.erase(person, person)
    assert mentions() == []
    person.refresh_from_db()
    assert str(person) == "Former participant"
    assert not person.is_active


@pytest.mark.parametrize(
    ("name", "text", "times", "left"),
    [
        (
            "Bo Li",
            "Thanks to Bo  Li, bo\nli and Bo. Li-ion, boli, Bo Lin.",
            2,
            "Bo. Li-ion, boli, Bo Lin.",
        ),
        ("Li", "Li cells; Li, who wrote it.", 0, "Li cells; Li, who wrote it."),  # a symbol, too
        ("李明", "感谢李明的帮助。", 1, "的帮助"),
        ("김철수", "김철수는 도왔다", 1, "는 도왔다"),
        ("Zoë D'Arc", "by zoë d'arc, Zoë D&#x27;Arc; Zoë", 2, "; Zoë"),
    ],
)
def test_name_goes_from_the_texts_of_others_and_other_words_stay(
    name, text, times, left, author, organizer, event
):
    User.objects.filter(pk=author.pk).update(name=name)
    author.refresh_from_db()
    event.description = text
    event.save()
    for person in (author, organizer):
        record(person, "noted", event, text=text, name=[name, "Somebody"])
    actions.erase(author, author)
    event.refresh_from_db()
    assert left in event.description
    assert event.description.count(f"former participant {author.pk}") == times
    for entry in AuditEntry.objects.filter(verb="noted"):
        assert entry.details == AuditEntry.ERASED


def test_short_name_goes_where_it_is_everything_and_from_what_refers_to_the_person(
    author, rival, event
):
    """The name alone in a field is a name; in a sentence of somebody else it may be a symbol."""
    User.objects.filter(pk=author.pk).update(name="Li")
    author.refresh_from_db()
    one, other = (
        Registration.objects.get_or_create(event=event, user=p)[0] for p in (author, rival)
    )
    Registration.objects.update(reason="Welcome, Li! List, li.")
    actions.erase(author, author)
    one.refresh_from_db()
    other.refresh_from_db()
    assert other.reason == "Welcome, Li! List, li."
    assert "Li!" not in one.reason


def test_submission_of_an_erased_person_stays_with_its_results(
    person, submission, organizer, judge, event
):
    panel.use_reference_criteria(organizer, event)
    assignment = panel.assign(organizer, submission, judge=judge)
    ballots.submit(judge, assignment, scores={c.pk: 4 for c in event.criteria.all()})
    actions.erase(person, person)
    submission.refresh_from_db()
    assert (submission.state, submission.title) == ("submitted", "Kestrel")
    assert submission.versions.get().submitted_by == person
    assert submission.assignments.get().ballot.scores.count() == event.criteria.count()


def test_what_a_judge_scored_stays_and_the_private_note_goes(submission, organizer, judge, event):
    panel.use_reference_criteria(organizer, event)
    assignment = panel.assign(organizer, submission, judge=judge)
    scores = {c.pk: 4 for c in event.criteria.all()}
    ballot = ballots.submit(judge, assignment, scores=scores, note="zyzzogeton")
    actions.erase(judge, judge)
    ballot.refresh_from_db()
    assert (ballot.private_note, ballot.scores.count()) == ("", len(scores))
    assert mentions() == []


def test_draft_of_one_person_is_emptied_and_of_a_team_is_not(
    draft, author, rival, team, event, sign_in
):
    second = User.objects.create_user("mate@example.org", name="Mate")
    team.memberships.create(event=event, user=second)
    actions.erase(author, author)
    draft.refresh_from_db()
    assert draft.title == "Kestrel"
    assert team.memberships.get(user=second).leads  # somebody else leads
    actions.erase(second, second)
    draft.refresh_from_db()
    assert draft.title in ("Kestrel", "–")


def test_audit_trail_keeps_the_fact_and_not_the_words(person):
    before = AuditEntry.objects.count()
    actions.erase(person, person)
    assert AuditEntry.objects.count() >= before
    assert AuditEntry.objects.get(verb="renamed").details == AuditEntry.ERASED


def test_only_owner_of_an_event_hands_it_over_first(organizer, event):
    with pytest.raises(Refused, match="no other owner"):
        actions.erase(organizer, organizer)
    organizer.refresh_from_db()
    assert organizer.is_active


def test_nobody_erases_somebody_else(author, organizer):
    with pytest.raises(Refused):
        actions.erase(organizer, author)


def test_erasing_asks_for_the_address_and_ends_all_sessions(person):
    here, elsewhere = just_signed_in(person), just_signed_in(person)
    page = here.post(reverse("accounts:erase"), {"address": "other@example.org"})
    assert "not the address" in page.content.decode()
    here.post(reverse("accounts:erase"), {"address": person.email})
    person.refresh_from_db()
    assert person.erased_at
    for browser in (here, elsewhere):
        assert browser.get(reverse("accounts:profile")).status_code == 302


def test_erasing_goes_on_after_the_password_was_asked_for(person, sign_in):
    browser = sign_in(person)
    asked = browser.post(reverse("accounts:erase"), {"address": person.email})
    browser.post(asked.url, {"password": "correct horse", "next": reverse("accounts:erase")})
    person.refresh_from_db()
    assert person.erased_at


def test_everything_held_is_handed_out(person, submission):
    answer = just_signed_in(person).get(reverse("accounts:download"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    data = json.loads(archive.read("data.json"))
    assert archive.read("account/picture.webp") == b"a picture"
    assert data["account"]["name"] == NAME
    assert data["entries"][0]["title"] == "Kestrel"
    assert data["account"]["rows"]["notices.mail"][0]["subject"] == "Dear Quetzalina"
    text = json.dumps(data)
    assert person.password not in text
    assert {row["verb"] for row in data["account"]["rows"]["notices.auditentry"]} >= {"renamed"}


def test_download_needs_a_fresh_sign_in(person, sign_in):
    assert "reauthenticate" in sign_in(person).get(reverse("accounts:download")).url


def test_every_room_with_a_link_to_people_is_in_the_download(person):
    """A room that forgets to register is found all the same."""
    data = actions.collect_account(person).data["rows"]
    assert {"events.registration", "events.membership", "entries.submissionversion"} <= set(data)
