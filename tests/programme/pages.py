from submissions.programme.actions import calendars, hall, questions, recap, schedule
from submissions.programme.models import Calendar, Poster
from tests.pages import EVERYBODY, RUNNING, SIGNED_IN, get, post
from tests.programme import conference

HALL = f"author member rival judge bystander lead mentor speaker door {RUNNING}"
SPEAKING = "author"  # speaks and has a poster, without a team
ASKED = f"{SPEAKING} {RUNNING}"
SESSION, POSTER, QUESTION = ("slug", "talk"), ("slug", "poster"), ("slug", "question")
PART, DRAFTED = ("slug", "part"), ("slug", "talk")

PAGES = {
    "programme:agenda": get(EVERYBODY, "slug"),
    "programme:now": get(EVERYBODY, "slug"),
    "programme:mine": get(SIGNED_IN, "slug"),
    "programme:renew": post(SIGNED_IN, "slug"),
    "programme:embed": get(EVERYBODY, "slug"),
    "programme:versions": get(EVERYBODY, "slug"),
    "programme:version": get(EVERYBODY, "slug", "version"),
    "programme:ics": get(EVERYBODY, "slug"),
    "programme:json": get(EVERYBODY, "slug"),
    "programme:xml": get(EVERYBODY, "slug"),
    "programme:calendar": get(EVERYBODY, "calendar_token"),
    "programme:session": get(EVERYBODY, *SESSION),
    "programme:star": post(SIGNED_IN, *SESSION),
    "programme:slides": get(HALL, *SESSION),
    "programme:questions": get(EVERYBODY, *SESSION),
    "programme:ask": post(HALL, *SESSION),
    "programme:stage": get(ASKED, *SESSION),
    "programme:question_vote": post(HALL, *QUESTION),
    "programme:question_answer": post(ASKED, *QUESTION),
    "programme:question_state": post(ASKED, *QUESTION),
    "programme:hall": get(HALL, "slug"),
    "programme:hall_live": get(HALL, "slug"),
    "programme:walk": get(HALL, "slug"),
    "programme:walk_step": get(HALL, "slug"),
    "programme:votes": get(RUNNING, "slug"),
    "programme:poster": get(HALL, *POSTER),
    "programme:watch": get(HALL, *POSTER),
    "programme:poster_live": get(HALL, *POSTER),
    "programme:page": get(HALL, *POSTER, "sheet_page"),
    "programme:sheet": get(HALL, *POSTER),
    "programme:here": post(HALL, *POSTER),
    "programme:poster_ask": post(HALL, *POSTER),
    "programme:say": post(HALL, *POSTER),
    "programme:card": post(HALL, *POSTER),
    "programme:poster_star": post(HALL, *POSTER),
    "programme:vote": post("author member rival", *POSTER),
    "programme:present": post(SPEAKING, *POSTER),
    "programme:hide_remark": post(ASKED, *POSTER, "remark"),
    "programme:speaking": get(SPEAKING, "slug"),
    "programme:needs": post(SPEAKING, "slug"),
    "programme:times": post(SPEAKING, "slug"),
    "programme:confirm": post(SPEAKING, *PART),
    "programme:withdraw": post(SPEAKING, *PART),
    "programme:upload": post(SPEAKING, *PART),
    "programme:own_poster": post(SPEAKING, "slug", "poster_part"),
    "programme:editor": get(RUNNING, "slug"),
    "programme:draft": post(RUNNING, "slug"),
    "programme:release": post(RUNNING, "slug"),
    "programme:bring_in": post(RUNNING, "slug"),
    "programme:new_session": get(RUNNING, "slug"),
    "programme:edit_session": get(RUNNING, *DRAFTED),
    "programme:delete": post(RUNNING, *DRAFTED),
    "programme:cancel": post(RUNNING, *DRAFTED),
    "programme:add_speaker": post(RUNNING, *DRAFTED),
    "programme:hang": post(RUNNING, *DRAFTED),
    "programme:slot": get(RUNNING, *DRAFTED),
    "programme:move": post(RUNNING, *DRAFTED),
    "programme:remove": post(RUNNING, *DRAFTED),
    "programme:people": get(RUNNING, "slug"),
    "programme:drop_speaker": post(RUNNING, *PART),
    "programme:take_down": post(RUNNING, "slug", "board"),
    "programme:rooms": get(RUNNING, "slug"),
    "programme:edit_room": get(RUNNING, "slug", "room"),
    "programme:delete_room": post(RUNNING, "slug", "room"),
    "programme:save_day": post(RUNNING, "slug"),
    "programme:delete_day": post(RUNNING, "slug", "day"),
    "programme:settings": get(RUNNING, "slug"),
    "programme:moderation": get(RUNNING, "slug"),
    "programme:feedback": get(HALL, "slug"),
    "programme:give_event": get(HALL, "slug"),
    "programme:give_session": get(HALL, *SESSION),
    "programme:feedback_results": get(RUNNING, "slug"),
    "programme:feedback_release": post(RUNNING, "slug"),
    "programme:recap": get(EVERYBODY, "slug"),
    "programme:recap_edit": get(RUNNING, "slug"),
    "programme:recap_freeze": post(RUNNING, "slug"),
    "programme:recap_publish": post(RUNNING, "slug"),
    "programme:recap_pdf": get(EVERYBODY, "slug"),
    "programme:recap_json": get(EVERYBODY, "slug"),
    "programme:recap_figure": get(EVERYBODY, "slug", "figure"),
}


def furnish(world) -> None:
    """The author speaks and has a poster; the rival has asked; the schedule is released."""
    event, author, rival = world.event, world.people["author"], world.people["rival"]
    organizer = world.people["organizer"]
    room = conference.make_room(event)
    day = schedule.save_day(
        None,
        event,
        date=conference.DAY,
        opens=conference.at(9).time(),
        closes=conference.at(18).time(),
    )
    talk = conference.make_talk(event, speaker=author)
    poster = conference.make_poster(event, author=author)
    Poster.objects.filter(pk=poster.pk).update(video_url="https://youtu.be/dQw4w9WgXcQ")
    session = conference.make_poster_session(event)
    board = hall.hang(None, poster, session=session, number=1)
    conference.place(talk, room, conference.at(9))
    conference.place(session, room, conference.at(11), 60)
    conference.stored(talk, "slides")
    conference.stored(poster, "poster")
    conference.release_now(event)
    recap.publish(organizer, event, on=True)
    calendars.address_of(author, event)
    world.talk, world.poster, world.room, world.day = talk.pk, poster.pk, room.pk, day.pk
    world.board, world.version, world.figure, world.sheet_page = board.pk, 1, "posters", 1
    world.question = questions.ask(rival, poster, text="How?").pk
    world.remark = hall.say(rival, poster, text="Hello.").pk
    world.part, world.poster_part = talk.contributors.get().pk, poster.contributors.get().pk
    world.calendar_token = Calendar.objects.get(event=event, user=author).token
