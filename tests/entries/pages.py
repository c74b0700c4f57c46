from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.entries import actions, drafting
from submissions.entries.entry_types import TALK, create_type
from submissions.entries.links import ticket
from submissions.entries.models import Submission
from tests.pages import EVERYBODY, READERS, RUNNING, SIGNED_IN, TEAM, get, post

PAGES = {
    "entries:list": get(RUNNING, "slug"),
    "entries:bulk": post(RUNNING, "slug"),
    "entries:release": post(RUNNING, "slug"),
    "entries:filters": post(RUNNING, "slug"),
    "entries:alike": get(RUNNING, "slug"),
    "entries:import": get(RUNNING, "slug"),
    "entries:export_csv": get(RUNNING, "slug"),
    "entries:export_json": get(RUNNING, "slug"),
    "entries:note": post(RUNNING, "slug", "submission"),
    "entries:reopen": get(RUNNING, "slug", "submission"),
    "entries:gallery": get(EVERYBODY, "slug"),
    "entries:gallery_settings": get(RUNNING, "slug"),
    "entries:picture": get("", "slug", "submission"),
    "entries:watch": get(READERS, "slug", "submission"),
    "entries:vote": post("", "slug", "submission"),
    "entries:files": get(TEAM, "slug", "submission"),
    "entries:file": get(READERS, "slug", "submission", "file"),
    "entries:notebook": get(READERS, "slug", "submission", "file"),
    "entries:file_remove": post(TEAM, "slug", "submission", "file"),
    "entries:types": get(RUNNING, "slug"),
    "entries:card": get(RUNNING, "slug"),
    "entries:type": get(RUNNING, "slug", "entry_type"),
    "entries:question": get(RUNNING, "slug", "entry_type", "asked"),
    "entries:question_remove": post(RUNNING, "slug", "entry_type", "asked"),
    "entries:mine": get(SIGNED_IN, "slug"),
    "entries:create": get(SIGNED_IN, "slug"),
    "entries:write": get(SIGNED_IN, "slug", "entry_type"),
    "entries:detail": get(READERS, "slug", "submission"),
    "entries:edit": get(TEAM, "slug", "submission"),
    "entries:submit": post(TEAM, "slug", "submission"),
    "entries:withdraw": post(TEAM, "slug", "submission"),
    "entries:autosave": post(TEAM, "slug", "submission"),
    "entries:authors": get(TEAM, "slug", "submission"),
    "entries:restore": post(TEAM, "slug", "submission"),
    "entries:discard": post(TEAM, "slug", "submission"),
    "entries:answer": post(TEAM, "slug", "submission"),
    "entries:preview_as": get(TEAM, "slug", "submission", "reader"),
    "entries:version": get(f"{TEAM} {RUNNING}", "slug", "submission", "number"),
    "entries:preview": post(SIGNED_IN),
    "entries:leave": get(EVERYBODY, query="to"),
}


def furnish(world):
    """A type that only this event has."""
    told = TALK | {"slug": "summer-talk"}
    kind = create_type(None, world.event, **told)
    world.entry_type = kind.slug
    world.asked = kind.questions.create(slug="zq", label="For whom?").pk
    submission = Submission.objects.get(pk=world.submission)
    notebook = SimpleUploadedFile("zq.ipynb", b'{"cells": [{"cell_type": "code", "source": "1"}]}')
    world.file = actions.attach(world.people["author"], submission, file=notebook).pk
    world.reader, world.number = "judge", 1
    world.to = ticket("https://example.org/elsewhere")
    drafting.save_draft(
        world.people["author"],
        submission,
        revision=submission.revision,
        track=submission.track,
        video_url="https://youtu.be/abcdefghijk",
    )
