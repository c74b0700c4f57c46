from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from events import actions
from events.models import Answer
from tests.pages import EVERYBODY, OWNING, RUNNING, SIGNED_IN, get, post

ATTENDING = "author member rival"
ON_BOARD = f"{ATTENDING} {RUNNING}"

PAGES = {
    "events:list": get(EVERYBODY),
    "events:create": get(SIGNED_IN),
    "events:detail": get(EVERYBODY, "slug"),
    "events:page": get(EVERYBODY, "slug", "event_page"),
    "events:conduct": get(EVERYBODY, "slug"),
    "events:logo": get(EVERYBODY, "slug"),
    "events:look": get(EVERYBODY, "slug"),
    "events:registration": get(SIGNED_IN, "slug"),
    "events:register": post(SIGNED_IN, "slug"),
    "events:cancel": post(SIGNED_IN, "slug"),
    "events:code": get(SIGNED_IN, "slug"),
    "events:invitation": get(EVERYBODY, "slug", "invitation_code"),
    "events:ticket": get(ATTENDING, "slug"),
    "events:certificate": get("rival", "slug"),
    "events:answer_file": get(f"author {RUNNING}", "slug", "answer"),
    "events:team": get(SIGNED_IN, "slug"),
    "events:leave": post(ATTENDING, "slug"),
    "events:join": get(SIGNED_IN, "slug", "code"),
    "events:team_invite": post(ATTENDING, "slug"),
    "events:team_renew": post("author rival", "slug"),  # who leads one
    "events:team_member": post("author", "slug", "author_key", "lead_word"),
    "events:team_answer": post("author", "slug", "asked"),
    "events:board": get(ON_BOARD, "slug"),
    "events:stop_seeking": post(ON_BOARD, "slug"),
    "events:ask": post(ON_BOARD, "slug", "team_key"),
    "events:console": get(RUNNING, "slug"),
    "events:state": post(OWNING, "slug"),
    "events:clone": get(RUNNING, "slug"),
    "events:written": get(RUNNING, "slug"),
    "events:settings": get(RUNNING, "slug", "section"),
    "events:parts": get(RUNNING, "slug", "part_kind"),
    "events:part": get(RUNNING, "slug", "part_kind", "event_part"),
    "events:remove_part": post(RUNNING, "slug", "part_kind", "event_part"),
    "events:move_part": post(RUNNING, "slug", "part_kind", "event_part"),
    "events:end_extension": post(RUNNING, "slug", "extension"),
    "events:extend": post(RUNNING, "slug", "event_part"),
    "events:give_time": post(RUNNING, "slug", "registration"),
    "events:people": get(RUNNING, "slug"),
    "events:decide": post(RUNNING, "slug"),
    "events:tell": post(RUNNING, "slug"),
    "events:person": get(RUNNING, "slug", "registration"),
    "events:take_place": post(RUNNING, "slug", "registration"),
    "events:people_export": get(RUNNING, "slug", "kind"),
    "events:printed": get(RUNNING, "slug", "printed"),
    "events:statistics": get(RUNNING, "slug"),
    "events:figure": get(RUNNING, "slug", "statistic"),
    "events:roles": get(RUNNING, "slug"),
    "events:take_role": post(RUNNING, "slug", "role"),
    "events:teams": get(RUNNING, "slug"),
    "events:team_export": get(RUNNING, "slug"),
    "events:invitations": get(RUNNING, "slug"),
    "events:invitation_import": get(RUNNING, "slug"),
    "events:withdraw": post(RUNNING, "slug", "invitation"),
    "events:invitation_export": get(RUNNING, "slug"),
    "events:door": get(f"door {RUNNING}", "slug"),
    "events:check_in": post(f"door {RUNNING}", "slug"),
    "events:undo_check_in": post(f"door {RUNNING}", "slug", "registration"),
}


def furnish(world) -> None:
    """One of everything that an event can have."""
    event, people = world.event, world.people
    registration = event.registrations.get(user=people["author"])
    question = event.questions.create(slug="cv", label="CV", kind="file")
    file = ContentFile(b"%PDF-1.7", "cv.pdf")
    answer = Answer.objects.create(
        registration=registration, question=question, value="cv.pdf", file=file
    )
    event.registrations.filter(user=people["rival"]).update(
        state="checked_in", checked_in_at=timezone.now()
    )
    event.logo.save("logo.png", ContentFile(b"\x89PNG"))
    event.conducts.create(text="Be kind.")
    world.team.recruiting = True
    world.team.save()
    world.asked = world.team.requests.create(user=people["rival"]).pk
    world.event_page = event.pages.create(slug="rules", title="Rules", text="Few.").slug
    invitation = actions.invite(people["organizer"], event, note="for many", uses=5)
    world.invitation, world.invitation_code = invitation.pk, invitation.code
    world.answer, world.registration = answer.pk, registration.pk
    world.author_key, world.lead_word = people["author"].pk, "lead"
    world.team_key, world.section, world.part_kind = world.team.pk, "basics", "phases"
    phase = event.phases.first()
    more = {"user": people["rival"], "until": timezone.now() + timedelta(days=1)}
    world.extension = phase.extensions.create(**more).pk
    world.event_part = event.phases.first().pk
    world.printed, world.statistic = "badges", "day"
    world.role = event.roles.get(user=people["bystander"]).pk
