"""The tables as the first release has them: what came before it is folded in here."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from theme.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('ballots', '0002_beside_scores')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('entries', '0001_initial'),
        ('events', '0001_initial'),
        ('panel', '0001_initial'),
    ]

    operations = [
        CreateTables([
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted')], default='draft', max_length=20)),
                ('comment', models.TextField(blank=True, max_length=4000, verbose_name='comment to the authors')),
                ('private_note', models.TextField(blank=True, max_length=4000, verbose_name='private note')),
                ('version', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ballot', to='panel.assignment')),
                ('seconds', models.PositiveIntegerField(default=0)),
                ('to_organizers', models.TextField(blank=True, max_length=4000, verbose_name='comment to the organizers')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), ('submitted_at__isnull', False), _connector='OR'), name='submitted_ballot_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='BallotVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted')], max_length=20)),
                ('scores', models.JSONField()),
                ('comment', models.TextField(blank=True)),
                ('to_organizers', models.TextField(blank=True)),
                ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='ballots.ballot')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('ballot', 'number'), name='ballot_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('better', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entries.submission')),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='panel.criterion')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comparisons', to='events.event')),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comparisons', to=settings.AUTH_USER_MODEL)),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entries.submission')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entries.submission')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('criterion__isnull', True)), fields=('judge', 'one', 'other'), name='compared_once_overall'), models.UniqueConstraint(fields=('judge', 'one', 'other', 'criterion'), name='compared_once_a_criterion'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='compared_in_order'), models.CheckConstraint(condition=models.Q(('better__isnull', True), ('better', models.F('one')), ('better', models.F('other')), _connector='OR'), name='better_is_one_of_both')],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('no_demo', 'cannot be demonstrated'), ('offensive', 'offensive'), ('wrong_track', 'in the wrong category')], max_length=12)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('settled_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='panel.assignment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('assignment', 'kind'), name='flagged_once_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='entries.submission')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.PositiveSmallIntegerField(null=True)),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='ballots.ballot')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='panel.criterion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ballot', 'criterion'), name='criterion_scored_once'), models.CheckConstraint(condition=models.Q(('value__gte', 1)), name='score_begins_at_one')],
            },
        ),
        migrations.CreateModel(
            name='Skip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('absent', 'nobody was there'), ('busy', 'another judge was there'), ('abstained', 'abstained')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skips', to='panel.assignment')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        ]),
    ]
