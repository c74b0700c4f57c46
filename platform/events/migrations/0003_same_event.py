"""I9: what belongs to one event points at nothing of another."""

from django.db import migrations

from events.composite import SameEvent


class Migration(migrations.Migration):
    dependencies = [("events", "0002_people_come_in")]

    operations = [
        SameEvent("events_membership", "team_id", "events_team"),
        SameEvent("events_role", "track_id", "events_track"),
        SameEvent("events_registration", "track_id", "events_track"),
        SameEvent("events_registration", "invitation_id", "events_invitation"),
        SameEvent("events_invitation", "track_id", "events_track"),
        SameEvent("events_question", "required_track_id", "events_track"),
        SameEvent("events_question", "depends_on_id", "events_question"),
    ]
