from django.db import migrations

USUAL = {
    "hackathon": [("project", "Project", "team", False, True)],
    "conference": [
        ("talk", "Talk", "authors", True, False),
        ("poster", "Poster", "authors", True, True),
    ],
    "programme": [("proposal", "Proposal", "person", True, False)],
}


def give_types(apps, schema_editor):
    """Every event has its kind's types; what was handed in so far, by teams, is a project."""
    Event = apps.get_model("events", "Event")
    EntryType = apps.get_model("entries", "EntryType")
    Submission = apps.get_model("entries", "Submission")
    for event in Event.objects.all():
        held = Submission.objects.filter(event=event)
        told = USUAL["hackathon"] if held.exists() else []
        told = told + [one for one in USUAL[event.kind] if one not in told]
        for position, (kind, name, belongs_to, decided, uses_tracks) in enumerate(told):
            made = EntryType.objects.create(
                event=event,
                slug=kind,
                kind=kind,
                name=name,
                belongs_to=belongs_to,
                decided=decided,
                blind=decided and kind != "proposal",
                uses_tracks=uses_tracks,
                position=position,
            )
            if kind == "project":
                held.update(entry_type=made)


class Migration(migrations.Migration):
    dependencies = [("entries", "0002_entry_types")]
    operations = [migrations.RunPython(give_types, migrations.RunPython.noop)]
