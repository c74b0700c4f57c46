"""Organizers order the parts of an event, and give and end extensions, on its pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import actions, figures, rules
from tests.conftest import close_phase
from theme.refusal import Refused


def test_category_moves_up_and_the_first_stays(event, organizer, sign_in):
    browser, tracks = sign_in(organizer), event.tracks
    assert [track.slug for track in tracks.all()] == ["tools", "web"]
    for _press in range(2):  # the second finds it on top
        web = tracks.get(slug="web")
        browser.post(reverse("events:move_part", args=[event.slug, "tracks", web.pk]))
        assert [track.slug for track in tracks.all()] == ["web", "tools"]


def test_who_runs_nothing_moves_nothing(event, author, track):
    with pytest.raises(Refused):
        actions.move_part(author, track)


def test_extension_is_shown_and_ended_where_it_was_given(event, organizer, author, sign_in):
    close_phase(event, "submission")
    phase, browser = event.phases.get(kind="submission"), sign_in(organizer)
    page = reverse("events:part", args=[event.slug, "phases", phase.pk])
    until = timezone.now() + timedelta(days=2)
    told = {"email": author.email, "until": until.strftime("%Y-%m-%dT%H:%M"), "reason": "Ill"}
    browser.post(reverse("events:extend", args=[event.slug, phase.pk]), told)
    assert rules.is_open(event, "submission", author)
    given = phase.extensions.get()
    end = reverse("events:end_extension", args=[event.slug, given.pk])
    assert end in browser.get(page).content.decode()
    browser.post(end)
    assert not rules.is_open(event, "submission", author)


def test_extension_is_given_on_the_persons_page(event, organizer, author, sign_in):
    """What is wrong is said there, with what was typed; the time is of the event's clock."""
    close_phase(event, "submission")
    event.timezone = "Asia/Kathmandu"
    event.save()
    one, browser = event.registrations.get(user=author), sign_in(organizer)
    give = reverse("events:give_time", args=[event.slug, one.pk])
    phase = event.phases.get(kind="submission")
    told = {"phase": phase.pk, "until": "some day", "reason": "Ill for a week"}
    assert "Ill for a week" in browser.post(give, told).content.decode()
    assert not phase.extensions.exists()
    browser.post(give, told | {"until": "2090-01-02T05:45"})
    assert phase.extensions.get(user=author).until.isoformat() == "2090-01-02T00:00:00+00:00"
    assert rules.is_open(event, "submission", author)
    page = browser.get(reverse("events:person", args=[event.slug, one.pk])).content.decode()
    assert "Ill for a week" in page


def test_countries_come_from_profiles_where_no_question_asks(event, author):
    author.country = "KE"
    author.save()
    assert figures.by_country(event) == [("Kenya", 1)]
    event.questions.create(slug="from", label="From?", kind="country")
    assert figures.by_country(event) == []
