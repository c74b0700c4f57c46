from submissions.entries import actions as entries
from submissions.entries.entry_types import PROPOSAL, create_type
from submissions.ideas import actions, proposing
from tests.pages import EVERYBODY, RUNNING, SIGNED_IN, get, post

IDEA, PROPOSED = ("slug", "idea"), ("slug", "proposal")

PAGES = {
    "ideas:list": get(EVERYBODY, "slug"),
    "ideas:create": get(f"mentor {RUNNING}", "slug"),
    "ideas:idea": get(EVERYBODY, *IDEA),
    "ideas:edit": get(f"mentor {RUNNING}", *IDEA),
    "ideas:publish": post(RUNNING, *IDEA),
    "ideas:begin": post(SIGNED_IN, *IDEA),
    "ideas:ask": post(SIGNED_IN, *IDEA),
    "ideas:of": get(f"author mentor {RUNNING}", *PROPOSED),
    "ideas:choose": post("author", *PROPOSED),
}


def furnish(world) -> None:
    """A published idea with a mentor, for which the author has handed in a proposal."""
    event, author = world.event, world.people["author"]
    switch_on(event)
    idea = make_idea(world.people["organizer"], event, world.people["mentor"])
    world.idea, world.proposal = idea.pk, hand_in(author, idea).pk


def switch_on(event) -> None:
    event.switched = event.switched | {"ideas": True, "proposals": True}
    event.save(update_fields=["switched"])
    create_type(None, event, **PROPOSAL)


def make_idea(organizer, event, mentor=None, *, title="Rendering", published=True, **told):
    mentors = [{"name": "Mentor", "user": mentor}]
    text = {"title": title, "description": "Draw **meshes**."} | told
    idea = actions.save_idea(organizer, event, mentors=mentors, **text)
    return actions.set_published(organizer, idea, on=True) if published else idea


def hand_in(author, idea):
    draft = proposing.begin(author, idea)
    write(author, draft)
    entries.submit(author, draft)
    draft.refresh_from_db()
    return draft


def write(author, draft) -> None:
    entries.save_draft(
        author,
        draft,
        revision=draft.revision,
        title="My proposal",
        summary="How I would do it.",
        description="First this, then that.",
        repository_url="",
        answers={},
        publish=False,
    )
