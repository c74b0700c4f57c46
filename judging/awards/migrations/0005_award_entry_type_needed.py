"""Every place has its type now; in a transaction after the one that filled it."""

import django.db.models.deletion
from django.db import migrations, models


def link():
    return models.ForeignKey(
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="awards",
        to="entries.entrytype",
    )


class Migration(migrations.Migration):
    dependencies = [("awards", "0004_award_entry_type")]

    operations = [
        migrations.AlterField("award", "entry_type", link()),
        migrations.RemoveConstraint("award", "share_of_a_place_given_once"),
        migrations.AddConstraint(
            "award",
            models.UniqueConstraint(
                fields=["event", "track", "entry_type", "place", "share"],
                name="share_of_a_place_given_once",
            ),
        ),
        migrations.AlterModelOptions(
            "award",
            {"ordering": ["track__position", "track_id", "entry_type_id", "place", "share"]},
        ),
    ]
