"""The tables as the first release has them: what came before it is folded in here."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from theme.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('jobs', '0002_queues_parts_and_turns')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('datasets', '0001_initial'),
        ('events', '0001_initial'),
    ]

    operations = [
        CreateTables([
        migrations.CreateModel(
            name='ScoringJob',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('payload', models.JSONField()),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Being scored'), ('succeeded', 'Scored'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=20)),
                ('priority', models.SmallIntegerField(default=0)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('max_attempts', models.PositiveSmallIntegerField(default=3)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('worker', models.CharField(blank=True, max_length=120)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('run_after', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cancel_requested', models.BooleanField(default=False)),
                ('stage', models.CharField(blank=True, max_length=20)),
                ('progress', models.FloatField(default=0)),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('error', models.TextField(blank=True)),
                ('artefact', models.CharField(blank=True, max_length=200)),
                ('manifest', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='datasets.dataset')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('halvings', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='jobs.scoringjob')),
                ('part', models.PositiveIntegerField(db_default=0, default=0)),
                ('queue', models.CharField(choices=[('gpu', 'Graphics processor'), ('cpu', 'Processor')], db_default='cpu', default='cpu', max_length=10)),
                ('rerun_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reruns', to='jobs.scoringjob')),
                ('setbacks', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('stamp', models.JSONField(blank=True, db_default={}, default=dict)),
                ('step', models.CharField(choices=[('whole', 'All in one'), ('fit', 'Learn from a sample'), ('part', 'Score some of the rows'), ('merge', 'Put the parts together')], db_default='whole', default='whole', max_length=10)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['priority', 'created_at'], name='job_waiting'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_until'], name='job_under_lease')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'succeeded', 'failed', 'cancelled'])), name='job_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='job_runs_exactly_under_a_lease'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'succeeded'), _negated=True), models.Q(models.Q(('artefact', ''), _negated=True), models.Q(('manifest', ''), _negated=True)), _connector='OR'), name='job_succeeds_with_an_artefact'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='job_fails_with_a_reason'), models.UniqueConstraint(condition=models.Q(('parent', None), ('state__in', ['queued', 'running'])), fields=('dataset',), name='one_unfinished_job_a_dataset'), models.UniqueConstraint(condition=models.Q(('parent__isnull', False)), fields=('parent', 'part'), name='job_part_once'), models.CheckConstraint(condition=models.Q(models.Q(('parent__isnull', False), ('step', 'part')), models.Q(models.Q(('step', 'part'), _negated=True), ('parent__isnull', True)), _connector='OR'), name='job_part_has_a_whole')],
            },
        ),
        migrations.CreateModel(
            name='JobEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('queued', 'Asked for'), ('claimed', 'Taken by a worker'), ('released', 'Given back by a worker that had to stop'), ('retried', 'Ended early; will be tried again'), ('stage', 'Went on'), ('divided', 'Divided into parts'), ('cancel_asked', 'Cancelling asked for'), ('succeeded', 'Scored'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], max_length=20)),
                ('attempt', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('detail', models.TextField(blank=True)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='jobs.scoringjob')),
                ('code', models.CharField(blank=True, db_default='', max_length=60)),
                ('sentence', models.TextField(blank=True, db_default='')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind__in', ['succeeded', 'failed', 'cancelled'])), fields=('job',), name='a_job_ends_once')],
            },
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claim', models.BigIntegerField(default=0)),
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='scoring_turn', to='events.team')),
            ],
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('device', models.CharField(blank=True, max_length=40)),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.scoringjob')),
                ('failures', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('memory', models.PositiveBigIntegerField(db_default=0, default=0)),
                ('skew', models.FloatField(db_default=0, default=0)),
                ('state', models.CharField(choices=[('ready', 'Ready'), ('low_disk', 'Takes no job: its disk is almost full'), ('unhealthy', 'Takes no job: its device failed several times in a row')], db_default='ready', default='ready', max_length=20)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        ]),
    ]
