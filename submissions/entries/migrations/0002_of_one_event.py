"""I9: a submission enters the categories, and is of the team and type, of its own event."""

import django.db.models.deletion
from django.db import migrations, models

from events.composite import SameEvent


class Migration(migrations.Migration):
    dependencies = [("entries", "0001_initial"), ("events", "0003_same_event")]

    operations = [
        migrations.RemoveField(model_name="submission", name="more_tracks"),
        migrations.CreateModel(
            name="FurtherTrack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="events.event",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="entries.submission",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="events.track",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "track"), name="a_track_entered_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="submission",
            name="more_tracks",
            field=models.ManyToManyField(
                blank=True,
                related_name="also_entered",
                through="entries.FurtherTrack",
                to="events.track",
                verbose_name="further categories",
            ),
        ),
        SameEvent("entries_submission", "track_id", "events_track"),
        SameEvent("entries_submission", "team_id", "events_team"),
        SameEvent("entries_submission", "entry_type_id", "entries_entrytype"),
        SameEvent("entries_furthertrack", "track_id", "events_track"),
        SameEvent("entries_furthertrack", "submission_id", "entries_submission"),
    ]
