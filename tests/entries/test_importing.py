"""Submissions from a CSV file: a dry run first, every problem by its line, all or none."""

from html import unescape

import pytest
from django.urls import reverse

from notices.models import AuditEntry
from submissions.entries import importing
from submissions.entries.entry_types import TALK, create_type
from submissions.entries.models import Label, Submission
from tests.conftest import make_event
from theme.refusal import Refused

TALKS = """type,title,summary,description,authors,state,labels,answer_level
talk,Kestrels,Birds of prey.,They hover.,K. (Sky) <author@example.org>; Merlin,submitted,keynote,new
talk,'=1+1,,,Merlin,,,
"""


@pytest.fixture
def talks(event):
    kind = create_type(None, event, **TALK)
    kind.questions.create(slug="level", label="Level")
    return kind


def test_import_stores_nothing_at_first_and_then_all(sign_in, organizer, author, event, talks):
    browser, url = sign_in(organizer), reverse("entries:import", args=[event.slug])
    dry = unescape(browser.post(url, {"text": TALKS}).content.decode())
    assert "2 submissions, no problem" in dry
    assert "'=1+1" in dry  # what was sent is still there
    assert not Submission.objects.exists()
    browser.post(url, {"text": TALKS, "send": 1})
    formula, kestrels = Submission.objects.order_by("title")
    assert (formula.title, formula.state) == ("=1+1", "draft")
    assert (kestrels.state, kestrels.byline) == ("submitted", "K., Merlin")
    assert kestrels.authors.first().user == author  # by the confirmed address
    assert kestrels.answers == {"level": "new"}
    assert Label.objects.get(name="keynote").submissions.get() == kestrels
    assert kestrels.versions.get().sha256
    assert AuditEntry.objects.filter(verb="import").count() == 1
    again = browser.post(url, {"text": TALKS, "send": 1}).content.decode()
    assert again.count("This is here already.") == 2


def test_export_of_one_event_is_the_import_of_another(sign_in, organizer, event, submission, team):
    Submission.objects.update(title="=HYPERLINK(1)", description="One\n“two”, 'three'")
    page = sign_in(organizer).get(reverse("entries:export_csv", args=[event.slug]))
    text = b"".join(page.streaming_content).decode()
    other = make_event("winter")
    other.teams.create(name=team.name)
    line = importing.read(other, text)[0]
    assert line.problems == []
    assert (line.title, line.content["description"]) == ("=HYPERLINK(1)", "One\n“two”, 'three'")
    assert (line.content["track"].slug, line.team.name, line.final) == ("tools", team.name, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name\nKestrel", "The first line names the columns"),
        ('title\n"Kestrel', "This is not CSV"),
        ("title,type\nKestrel,talk,more", "more values than columns"),
        ("title,type\nKestrel,poem", "Name one of the types: project, talk."),
        ("title,type\n,talk", "This field is required."),
        ("title,type\nKestrel,talk", "Name its authors"),
        ("title,type,authors\nKestrel,talk,Kestrel <kestrel>", "is not written as"),
        ("title,type,team\nKestrel,project,Nobody", "There is no team “Nobody” here"),
        ("title,type\nKestrel,project", "name it in the column “team”"),
        ("title,type,team,track\nKestrel,project,Foreign,x", "There is no category “x” here."),
        ("title,type,repository_url\nK,talk,javascript:alert(1)", "Write a full web address"),
        ("title,type,authors,state\nKestrel,talk,K,submitted", "Still missing: summary"),
        ("title,type,authors,state\nKestrel,talk,K,withdrawn", "is draft or submitted"),
        ("title,type,authors\nK,talk,K\nK,talk,K", "The same as line 2."),
    ],
)
def test_import_with_a_problem_names_its_line_and_stores_nothing(
    organizer, event, talks, text, sentence
):
    lines = importing.read(event, text)
    assert sentence in " ".join(problem for line in lines for problem in line.problems)
    with pytest.raises(Refused, match="Mend the lines"):
        importing.take_in(organizer, event, lines)
    assert not Submission.objects.exists()


def test_import_by_one_who_does_not_run_the_event_is_refused(author, event, talks):
    with pytest.raises(Refused) as refused:
        importing.take_in(author, event, importing.read(event, TALKS))
    assert refused.value.code == "submission.not_yours"
