"""Places are given among one type of submission: that of the submission that holds it."""

import django.db.models.deletion
from django.db import migrations, models


def take_from_submission(apps, schema_editor):
    award = apps.get_model("awards", "Award")
    for given in award.objects.select_related("submission"):
        given.entry_type_id = given.submission.entry_type_id
        given.save(update_fields=["entry_type"])


def link(**options):
    return models.ForeignKey(
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="awards",
        to="entries.entrytype",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0003_prize_track"),
        ("entries", "0001_initial"),
    ]

    operations = [
        migrations.AddField("award", "entry_type", link(null=True)),
        migrations.RunPython(take_from_submission, migrations.RunPython.noop),
    ]
