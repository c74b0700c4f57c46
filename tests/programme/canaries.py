"""Canaries of the programme: in the agenda, at a board, in feedback and recap."""

from accounts.models import User
from events import actions as events
from events.models import Event
from submissions.programme.actions import hall, presenters, questions, recap
from submissions.programme.models import Feedback
from tests.programme import conference


def sing(world, event: Event, runner: str, judges: list[str], make_person) -> None:
    """A released talk, a draft one, a poster of the first author, and a visitor who asks."""
    slug = event.slug
    author, other = f"{slug} author 1", f"{slug} author 2"
    inside = (author, other, runner, *judges)
    about = f"{slug} programme"
    room = conference.make_room(
        event, link=f"https://{world.word(f'{about}: room link', *inside)}.example.org"
    )
    talk = conference.make_talk(event, title=f"Talk at {slug}", speaker=world.people[author])
    talk.contributors.update(name="Known to all")
    conference.place(talk, room, conference.at(9))
    session = conference.make_poster_session(event)
    conference.place(session, room, conference.at(11), 60)
    poster = conference.make_poster(
        event,
        title=f"Poster at {slug}",
        abstract=world.word(f"{about}: abstract", *inside),
        meeting_url=f"https://{world.word(f'{about}: video room', *inside)}.example.org",
    )
    presenters.name_contributor(
        None,
        poster,
        name=world.word(f"{about}: author's name", *inside),
        account=world.people[author],
    )
    hall.hang(None, poster, session=session, number=1)
    conference.release_now(event)
    draft = conference.make_talk(event, title=world.word(f"{about}: draft title", runner))
    conference.place(draft, room, conference.at(14))
    visitor = make_person(world, f"{slug} visitor", *inside)
    events.register(visitor, event)
    # Who leaves a card shows the address; those who run an event can write to its people.
    world.may[visitor.email.partition("@")[0]].update({author, runner})
    _talk_at(world, about, poster, visitor, author, runner, inside)
    presenters.tell_needs(
        world.people[author],
        event,
        release="",
        equipment=world.word(f"{about}: equipment", author, runner),
    )
    Feedback.objects.create(
        event=event,
        session=talk,
        voice="1",
        rating=4,
        comment=world.word(f"{about}: feedback", runner),
        author=None,
    )
    recap.write(world.people[runner], event, prose=world.word(f"{about}: recap", runner))
    things = world.things[slug]
    things |= {
        "talk": [talk.pk, draft.pk],
        "poster": [poster.pk],
        "version": [1],
        "room": [room.pk],
    }
    things |= {"figure": ["posters"], "sheet_page": [1], "token": [], "version": [1]}


def _talk_at(world, about, poster, visitor: User, author: str, runner: str, inside) -> None:
    word = world.word
    questions.ask(visitor, poster, text=word(f"{about}: question", *inside))
    private = word(f"{about}: private question", author, runner)
    questions.ask(visitor, poster, text=private, private=True)
    hidden = questions.ask(visitor, poster, text=word(f"{about}: hidden question", runner))
    questions.set_state(world.people[runner], hidden, state="hidden")
    hall.say(visitor, poster, text=word(f"{about}: remark", *inside))
    hall.leave_card(visitor, poster, note=word(f"{about}: card", author))
