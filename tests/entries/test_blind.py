"""A judge of a blind event opens every page there is for judges and reads no name on any."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from judging.panel import actions as panel
from judging.panel.models import Panel
from submissions.entries import actions, gallery, traces
from submissions.entries.models import EntryType, Question, Submission
from tests.anomaly.conftest import understood  # noqa: F401 - a fixture
from tests.test_canary import crawl
from tests.test_permissions import scored_data_set

TEXT = "zq900qz"  # what a blind reader may see
WHO = {  # what tells who wrote it
    "name": "zq901qz",
    "affiliation": "zq902qz",
    "email": "zq903qz@example.org",
    "team": "zq904qz",
    "repository": "zq905qz",
    "demo": "zq906qz",
    "file": "zq907qz",
    "answer": "zq908qz",
    "co-author": "zq909qz",
    "licence": "zq910qz",
    "data set": "zq911qz",
}
IDENTIFYING = {word[:7] for word in WHO.values()}


@pytest.fixture
def blind(event, organizer, judge, author, team, draft, artefact, understood):  # noqa: F811
    """A project with everything in it that could name its authors, on the desk of a judge."""
    EntryType.objects.filter(event=event).update(blind=True)
    draft.entry_type.questions.create(slug="who", label="Who?", identifies=True)
    draft.entry_type.questions.create(slug="what", label="What?", shape=Question.Shape.LINE)
    author.name, author.affiliation, author.email = WHO["name"], WHO["affiliation"], WHO["email"]
    author.save()
    team.name = WHO["team"]
    team.save()
    for field, value in {
        "title": f"Title {TEXT}",
        "repository_url": f"https://github.com/{WHO['repository']}/code",
        "demo_url": f"https://{WHO['demo']}.example.org",
        "answers": {"who": WHO["answer"], "what": TEXT},
    }.items():
        setattr(draft, field, value)
    draft.save()
    draft.authors.create(position=0, name=WHO["co-author"])
    notebook = b'{"cells": [{"cell_type": "code", "source": "1 + 1"}]}'
    file = SimpleUploadedFile(f"{WHO['file']}.ipynb", notebook)
    actions.attach(author, draft, file=file)
    scored_data_set(author, draft, understood, artefact, name=f"{WHO['data set']}.csv")
    actions.submit(author, draft)
    draft.refresh_from_db()
    panel.use_reference_criteria(organizer, event)
    panel.assign(organizer, draft, judge=judge)
    Submission.objects.update(publish=True)
    gallery.set_gallery(organizer, event, opens_at=timezone.now() - timedelta(minutes=1))
    return draft


def seen_by(browser, submission) -> set[str]:
    """All marked words on the pages for judges, and on all that they link to."""
    event = submission.event.slug
    start = [
        reverse("events:detail", args=[event]),
        reverse("ballots:event", args=[event]),
        reverse("ballots:sheet", args=[event, submission.pk]),
        reverse("entries:detail", args=[event, submission.pk]),
        reverse("entries:gallery", args=[event]),
        reverse("reports:panel", args=[submission.pk]),
    ]
    return set().union(*crawl(browser, start).values())


@pytest.mark.parametrize("says_so", ["the type", "the panel"])
def test_judge_of_a_blind_event_reads_the_text_and_no_name(
    sign_in, organizer, event, judge, blind, says_so
):
    if says_so == "the panel":
        EntryType.objects.update(blind=False)
        Panel.objects.update_or_create(event=event, defaults={"blind": True})
    seen = seen_by(sign_in(judge), blind)
    assert TEXT in seen
    assert seen & IDENTIFYING == set()


def test_same_judge_reads_names_where_the_event_is_not_blind(sign_in, judge, blind):
    """Negative control: the crawl finds what is there to be found."""
    EntryType.objects.update(blind=False)
    seen = seen_by(sign_in(judge), blind)
    told = ("team", "repository", "file", "answer", "data set")
    assert {WHO[name] for name in told} <= seen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Made by Ada Lin of the Kestrel Lab.", ["Ada Lin", "Lin", "Kestrel Lab"]),
        ("Lin et al. showed it before.", ["Lin"]),
        ("A linear model, and a lin space.", []),
        (
            "See github.com/ada-lin/code, or write to ADA@example.org.",
            ["ada@example.org", "ada-lin"],
        ),
        ("By ADA LIN", ["Ada Lin"]),
    ],
)
def test_words_that_name_somebody_are_found_whole(text, found):
    known = ["Ada Lin", "Lin", "Kestrel Lab", "ada@example.org", "ada-lin"]
    assert traces.words_in(text, known) == found


def test_author_is_told_what_the_text_tells_and_may_hand_it_in(sign_in, author, team, draft):
    """Only where it is read blind; the answer to a save says it, too."""
    browser, base = sign_in(author), draft.get_absolute_url()
    author.affiliation = "Kestrel Lab"
    author.save()
    told = {"track": draft.track_id, "title": "Sonar", "summary": "By Authors.", "revision": 1}
    told |= {
        "description": "Built at the Kestrel Lab.",
        "repository_url": "https://github.com/zq/x",
    }
    assert "tells them" not in browser.post(f"{base}autosave/", told).content.decode()
    EntryType.objects.update(blind=True)
    for page in (browser.post(f"{base}autosave/", told), browser.get(f"{base}edit/")):
        shown = unescape(page.content.decode())
        assert "Summary: “Authors”" in shown
        assert "Description: “Kestrel Lab”" in shown
    assert "tells them" in browser.get(base).content.decode()
    browser.post(f"{base}submit/")
    assert Submission.objects.get().state == "submitted"
