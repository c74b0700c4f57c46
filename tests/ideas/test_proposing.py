"""From an idea to a proposal that its mentors, and nobody else, read; questions to mentors."""

import pytest
from django.urls import reverse

from events import actions as events
from events.models import Role
from notices.models import Mail
from submissions.entries import actions as entries
from submissions.entries.models import Submission
from submissions.ideas import actions, personal, proposing
from submissions.ideas.models import Enquiry, ForIdea
from tests.conftest import close_phase, make_user
from tests.ideas.pages import hand_in, make_idea, switch_on, write
from theme.refusal import Refused


@pytest.fixture
def mentors(event):
    made = [make_user("mentor"), make_user("second")]
    for user in made:
        events.grant_role(None, event, to=user, kind=Role.Kind.MENTOR)
    return made


@pytest.fixture
def ideas(event, organizer, mentors):
    """Each with a mentor of its own."""
    switch_on(event)
    titles = ("Rendering", "Music")
    return [
        make_idea(organizer, event, one, title=title)
        for one, title in zip(mentors, titles, strict=True)
    ]


def reads(user, proposal) -> bool:
    return Submission.objects.visible_to(user).filter(pk=proposal.pk).exists()


def test_mentors_read_what_is_handed_in_for_their_ideas(ideas, mentors, author, judge):
    draft = proposing.begin(author, ideas[0])
    assert draft.title == "Proposal: Rendering"
    assert not reads(mentors[0], draft), "a draft is its author's alone"
    write(author, draft)
    entries.submit(author, draft)
    assert [reads(user, draft) for user in (*mentors, judge)] == [True, False, False]


def test_another_choice_gives_it_to_other_mentors(ideas, mentors, author):
    draft = proposing.begin(author, ideas[0])
    proposing.choose(author, draft, idea=ideas[1])
    write(author, draft)
    entries.submit(author, draft)
    assert [reads(user, draft) for user in mentors] == [False, True]
    draft.refresh_from_db()
    with pytest.raises(Refused, match="stays as it is"):
        proposing.choose(author, draft, idea=None)
    assert ForIdea.objects.get().idea == ideas[1]


def test_idea_of_ones_own_is_read_by_no_mentor(ideas, mentors, author):
    draft = proposing.begin(author, ideas[0])
    proposing.choose(author, draft, idea=None)
    assert ForIdea.objects.get().idea is None
    assert not draft.readers.exists()


def test_new_mentor_reads_and_the_old_one_no_more(event, ideas, mentors, author, organizer):
    proposal = hand_in(author, ideas[0])
    named = [{"name": "Second", "user": mentors[1]}]
    actions.save_idea(organizer, event, idea=ideas[0], mentors=named)
    assert [reads(user, proposal) for user in mentors] == [False, True]


def test_mentor_who_loses_the_role_reads_no_more(event, ideas, mentors, author, organizer):
    proposal = hand_in(author, ideas[0])
    events.take_role(organizer, event.roles.get(user=mentors[0]))
    assert not reads(mentors[0], proposal)
    assert (str(ideas[0].mentors.get()), ideas[0].mentors.get().user) == ("Mentor", None)
    with pytest.raises(Refused):
        actions.save_idea(mentors[0], event, idea=ideas[0], title="Mine")


def test_judge_keeps_what_the_panel_gave(event, ideas, mentors, author, organizer):
    proposal = hand_in(author, ideas[0])
    events.grant_role(None, event, to=mentors[0], kind=Role.Kind.JUDGE)
    actions.save_idea(organizer, event, idea=ideas[0], mentors=[])
    assert reads(mentors[0], proposal)


def test_proposals_are_counted_for_organizers_and_own_mentors_only(
    event, ideas, mentors, author, organizer, rival, sign_in
):
    hand_in(author, ideas[0])
    address = reverse("ideas:list", args=[event.slug])
    told = {
        user: [n for _idea, n in sign_in(user).get(address).context["cards"]]
        for user in (organizer, mentors[0], rival, None)
    }
    assert told == {
        organizer: [1, 0],
        mentors[0]: [1, None],
        rival: [None, None],
        None: [None, None],
    }
    page = ideas[0].get_absolute_url()
    assert b"My proposal" in sign_in(mentors[0]).get(page).content
    for user in (mentors[1], rival):
        assert b"My proposal" not in sign_in(user).get(page).content


def test_proposal_is_begun_and_chosen_in_a_browser(event, ideas, author, rival, sign_in):
    browser = sign_in(author)
    begin = reverse("ideas:begin", args=[event.slug, ideas[0].pk])
    for _twice in range(2):
        answer = browser.post(begin, {"key": "a-click"})
    draft = Submission.objects.get()
    assert answer.url == reverse("entries:edit", args=[event.slug, draft.pk])
    choose = reverse("ideas:choose", args=[event.slug, draft.pk])
    assert sign_in(rival).post(choose, {"idea": ""}).status_code == 404
    assert browser.post(choose, {"idea": "999999"}).status_code == 200
    browser.post(choose, {"idea": str(ideas[1].pk)})
    assert ForIdea.objects.get().idea == ideas[1]
    of = reverse("ideas:of", args=[event.slug, draft.pk])
    assert of in browser.get(draft.get_absolute_url()).content.decode()
    assert b"Music" in browser.get(of, headers={"HX-Request": "true"}).content


def test_nothing_is_begun_for_a_draft_ones_own_or_after_the_deadline(
    event, ideas, mentors, author, organizer
):
    actions.set_published(organizer, ideas[1], on=False)
    for user, idea in ((author, ideas[1]), (mentors[0], ideas[0])):
        with pytest.raises(Refused, match="Nothing can be proposed"):
            proposing.begin(user, idea)
    draft = proposing.begin(author, ideas[0])
    with pytest.raises(Refused, match="one of the ideas in the list"):
        proposing.choose(author, draft, idea=ideas[1])
    close_phase(event, "submission")
    with pytest.raises(Refused):
        proposing.begin(author, ideas[0])
    with pytest.raises(Refused, match="closed"):
        proposing.choose(author, draft, idea=None)


def test_question_reaches_mentors_with_an_account_as_plain_text(ideas, mentors, author):
    """B53."""
    author.name = "Eve\r\nBcc: all@example.org {{ 7 }}"
    author.save()
    proposing.ask(author, ideas[0], text="{{ settings }} [here](https://evil.example) %s\n\nTwo?")
    mail = Mail.objects.get(template="ideas/mail/enquiry")
    assert (mail.recipient, "\n" in mail.subject) == (mentors[0], False)
    assert "{{ settings }}" in mail.text
    assert "author@example.org" in mail.text
    assert 'href="https://evil.example"' not in mail.html


def test_questions_have_a_limit_and_the_text_stays(event, ideas, author, sign_in):
    browser, ask = sign_in(author), reverse("ideas:ask", args=[event.slug, ideas[0].pk])
    for number in range(proposing.OFTEN):
        assert browser.post(ask, {"text": f"Question {number}?"}).status_code == 302
    page = browser.post(ask, {"text": "One too many?"})
    assert page.status_code == 429
    assert b"One too many?" in page.content
    assert Enquiry.objects.count() == proposing.OFTEN
    for text in ("  ", "x" * 2001):
        with pytest.raises(Refused):
            proposing.ask(author, ideas[0], text=text)


def test_nobody_is_asked_where_no_mentor_has_an_account(event, organizer, author):
    switch_on(event)
    with pytest.raises(Refused, match="Nobody can be asked"):
        proposing.ask(author, make_idea(organizer, event), text="Hello?")


def test_person_takes_their_questions_along_and_leaves_the_list(ideas, mentors, author):
    proposing.ask(author, ideas[0], text="Where?")
    hand_in(author, ideas[0])
    told = personal.collect(author)
    assert told["asked"][0]["text"] == "Where?"
    assert told["proposed_for"] == [
        {"submission__title": "My proposal", "idea__title": "Rendering"}
    ]
    assert personal.collect(mentors[0])["mentor_of"][0]["idea__title"] == "Rendering"
    personal.erase(author)
    personal.erase(mentors[0])
    assert not Enquiry.objects.exists()
    assert str(ideas[0].mentors.get()) == "Former participant"
