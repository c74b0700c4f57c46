"""Mail to many, the pages of the outbox, and an event's own words (F39, F41, B53)."""

import threading

import pytest
from django.core import mail as sent_mail
from django.db import connection
from django.urls import reverse

from accounts.models import User
from notices import campaigns, sending
from notices.actions import post
from notices.letters import Letter
from notices.models import Campaign, Mail, Unsubscribed
from notices.posting import queue
from theme.refusal import Refused


def draft(organizer, event, text="Dear {name}, welcome to {event_name}.", groups=None):
    return campaigns.save_draft(
        organizer,
        event,
        campaign=None,
        subject="News of {event_name}",
        text=text,
        groups=groups or ["registration:confirmed", "no-team"],
    )


def seen(event, campaign) -> str:
    return campaigns.fingerprint(campaign, campaigns.recipients(event, campaign))


def test_draft_shows_exactly_whom_it_goes_to_and_what_they_get(
    organizer, event, author, rival, judge, sign_in
):
    campaign = draft(organizer, event)
    page = sign_in(organizer).get(reverse("notices:campaign", args=[event.slug, campaign.pk]))
    text = page.content.decode()
    assert author.email in text
    assert rival.email in text
    assert judge.email not in text
    assert "Dear Author, welcome to Summer." in text
    assert not Mail.objects.exists()


def test_draft_to_nobody_is_shown_as_the_organizer_would_get_it(organizer, event, sign_in):
    campaign = draft(organizer, event, groups=["registration:waiting"])
    page = sign_in(organizer).get(reverse("notices:campaign", args=[event.slug, campaign.pk]))
    text = page.content.decode()
    assert "Nobody is in this list now" in text
    assert f"Dear {organizer}, welcome to Summer." in text
    assert reverse("notices:post", args=[event.slug, campaign.pk]) not in text  # nothing to send


def test_draft_is_shown_as_html_and_as_plain_text(organizer, event, author, sign_in):
    campaign = draft(organizer, event, text="Dear {name}, **bring** [this](https://example.org).")
    page = sign_in(organizer).get(reverse("notices:campaign", args=[event.slug, campaign.pk]))
    told = page.content.decode()
    assert "<strong>bring</strong>" in told
    assert "**bring** [this]" in told


def test_html_of_a_mail_is_cleaned_before_it_is_shown(organizer, event, sign_in):
    """B48: whoever wrote it, and whatever came between."""
    hostile = "<main><p>Hello</p><script>alert(1)</script><a href='javascript:x'>y</a></main>"
    mail = queue(
        "a@example.org", Letter("Hi", "Hi", hostile), cause="1", event=event.slug, template="tried"
    )
    told = sign_in(organizer).get(reverse("notices:mail", args=[event.slug, mail.pk]))
    assert "<p>Hello</p>" in told.content.decode()
    assert "alert(1)" not in told.content.decode()
    assert "javascript:" not in told.content.decode()


def test_posting_is_one_mail_a_person_however_often_it_is_pressed(
    organizer, event, author, rival, sign_in
):
    """F39: a double click, and a second organizer."""
    campaign = draft(organizer, event)
    address = reverse("notices:post", args=[event.slug, campaign.pk])
    form = {"seen": seen(event, campaign)}
    browser = sign_in(organizer)
    browser.post(address, form)
    browser.post(address, form)
    assert sending.send_due() == 2
    assert {m.to[0] for m in sent_mail.outbox} == {author.email, rival.email}
    assert "Dear Rival, welcome to Summer." in {m.body.strip() for m in sent_mail.outbox}
    assert all("List-Unsubscribe" in m.extra_headers for m in sent_mail.outbox)


@pytest.mark.django_db(transaction=True)
def test_two_organizers_at_once_post_once(organizer, event, author, rival):
    """F39, with two real connections."""
    campaign = draft(organizer, event)
    token, refused, both = seen(event, campaign), [], threading.Barrier(2)

    def press() -> None:
        try:
            both.wait()
            campaigns.post_campaign(
                organizer, event, Campaign.objects.get(pk=campaign.pk), seen=token
            )
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["campaign.posted"]
    assert Mail.objects.count() == 2


def test_list_that_changed_since_it_was_seen_is_shown_again(organizer, event, author, rival):
    campaign = draft(organizer, event)
    token = seen(event, campaign)
    Unsubscribed.objects.create(address=rival.email, event=event.slug)
    with pytest.raises(Refused, match="changed"):
        campaigns.post_campaign(organizer, event, campaign, seen=token)
    campaign.refresh_from_db()
    assert (campaign.state, Mail.objects.count()) == ("draft", 0)


def test_who_unsubscribed_is_not_among_the_recipients(organizer, event, author, rival):
    Unsubscribed.objects.create(address=rival.email, event=event.slug)
    assert [*campaigns.recipients(event, draft(organizer, event))] == [author]


def test_stopping_keeps_back_what_has_not_left(organizer, event, author, rival):
    campaign = draft(organizer, event)
    campaigns.post_campaign(organizer, event, campaign, seen=seen(event, campaign))
    left = sending.claim()
    assert campaigns.stop_campaign(organizer, campaign) == 1
    assert sending.send_due() == 0
    assert Mail.objects.get(pk=left.pk).state == "sending"


@pytest.mark.parametrize("text", ["{user.password}", "{{ 7|add:7 }}", "{% debug %}", "%(x)s"])
def test_words_reach_nothing_but_the_placeholders(organizer, event, author, text):
    """B53: {x.y} is no placeholder, and nothing is a template."""
    campaign = draft(organizer, event, text=text)
    assert campaigns.letter_to(author, event, campaign).text.strip() == text


def test_placeholder_that_nothing_fills_in_is_refused(organizer, event):
    with pytest.raises(Refused, match="titel"):
        draft(organizer, event, text="About {titel}")


def test_name_with_a_placeholder_or_markdown_in_it_stays_text(organizer, event, author):
    """B53: what was filled in is not looked at again."""
    User.objects.filter(pk=author.pk).update(name="{event_url} [x](https://evil.example)\r\nBcc: a")
    author.refresh_from_db()
    mail = campaigns.letter_to(author, event, draft(organizer, event, text="Dear {name}"))
    assert "{event_url} [x](https://evil.example)" in mail.text
    assert "<a " not in mail.html


def test_own_words_are_used_for_this_event_only(organizer, event, other_event, author, sign_in):
    template = "tests/mail/tried"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("notices.wordings.templates", lambda: [template])
        patch.setattr("notices.wordings.placeholders", lambda _name: ["name", "title"])
        patch.setattr("notices.letters.source", lambda _name: ("Site: {{ title }}", "Hi"))
        page = reverse("notices:wording", args=[event.slug, template])
        answer = sign_in(organizer).post(page, {"subject": "{oops}", "text": "x"})
        assert "{oops} is no placeholder" in answer.content.decode()
        sign_in(organizer).post(page, {"subject": "Ours: {title}", "text": "Dear {name}"})
        ours = post(author, template, cause="1", event=event, title="Kestrel")
        theirs = post(author, template, cause="2", event=other_event, title="Kestrel")
    assert (ours.subject, ours.text) == ("Ours: Kestrel", "Dear Author\n")
    assert theirs.subject == "Site: Kestrel"


def test_outbox_says_why_and_a_person_can_send_again(organizer, event, author, sign_in):
    campaign = draft(organizer, event)
    campaigns.post_campaign(organizer, event, campaign, seen=seen(event, campaign))
    Mail.objects.update(state="unknown", trouble="Its sender died")
    browser, mail = sign_in(organizer), Mail.objects.get()
    listed = browser.get(reverse("notices:outbox", args=[event.slug]), {"state": "unknown"})
    assert "Its sender died" in listed.content.decode()
    assert sending.send_due() == 0
    browser.post(reverse("notices:send_again", args=[event.slug, mail.pk]))
    assert sending.send_due() == 1
    assert sent_mail.outbox[0].extra_headers["Message-ID"] == mail.message_id


def test_outbox_asks_as_many_questions_for_many_mails_as_for_few(
    organizer, event, author, sign_in, django_assert_max_num_queries
):
    Mail.objects.bulk_create(
        Mail(address=f"p{n}@example.org", cause="c", event=event.slug, subject=f"S{n}")
        for n in range(300)
    )
    browser = sign_in(organizer)
    with django_assert_max_num_queries(20):
        browser.get(reverse("notices:outbox", args=[event.slug]), {"q": "p7"})
