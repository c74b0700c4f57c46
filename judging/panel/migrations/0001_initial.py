"""The tables as the first release has them: what came before it is folded in here."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from theme.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('panel', '0002_assignment_reason'), ('panel', '0003_how_events_judge')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('entries', '0001_initial'),
        ('events', '0001_initial'),
    ]

    operations = [
        CreateTables([
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='entries.submission')),
                ('reason', models.CharField(choices=[('hand', 'assigned by hand'), ('even', 'assigned with all others, loads even'), ('few', 'had the fewest reviews'), ('first', 'close contender for first place in %(track)s'), ('top', 'close contender for the first three places in %(track)s'), ('tie', 'too close to call in %(track)s'), ('repair', 'in place of a judge who dropped out')], default='hand', max_length=10)),
                ('dropped', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('judge', 'submission'), name='assigned_once')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('declared_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('declared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='entries.submission')),
                ('lifted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('source', models.CharField(choices=[('judge', 'declared by the judge'), ('organizer', 'noted by an organizer'), ('affiliation', 'same affiliation'), ('domain', 'same e-mail domain'), ('coauthor', 'worked together before'), ('mentor', 'mentor')], default='judge', max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('judge', 'submission'), name='conflict_declared_once')],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('question', models.CharField(max_length=300, verbose_name='question')),
                ('weight', models.FloatField(default=1, validators=[django.core.validators.MinValueValidator(0)], verbose_name='weight')),
                ('steps', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(100)], verbose_name='steps')),
                ('anchors', models.JSONField(blank=True, default=list, verbose_name='what each step means')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='events.event')),
                ('optional', models.BooleanField(default=False, verbose_name='judges may answer “cannot judge”')),
                ('shown_as', models.CharField(choices=[('steps', 'numbers'), ('stars', 'stars')], default='steps', max_length=10, verbose_name='shown as')),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='events.track', verbose_name='only in the category')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weight__gte', 0)), name='criterion_weight_positive'), models.UniqueConstraint(condition=models.Q(('track__isnull', True)), fields=('event', 'name'), name='criterion_name_once_an_event'), models.UniqueConstraint(fields=('track', 'name'), name='criterion_name_once_a_track'), models.CheckConstraint(condition=models.Q(('steps__gte', 2), ('steps__lte', 100)), name='criterion_has_2_to_100_steps')],
            },
        ),
        migrations.CreateModel(
            name='Example',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('text', models.TextField(max_length=5000, verbose_name='description')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='examples', to='events.event')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('event', 'position'), name='example_position_once'), models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 3)), name='example_is_one_of_three')],
            },
        ),
        migrations.CreateModel(
            name='ExampleScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.PositiveSmallIntegerField()),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='panel.criterion')),
                ('example', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='panel.example')),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('example', 'judge', 'criterion'), name='example_scored_once'), models.CheckConstraint(condition=models.Q(('value__gte', 1)), name='example_score_begins_at_one')],
            },
        ),
        migrations.CreateModel(
            name='Expertise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='subjects')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at most so many reviews')),
                ('away_from', models.DateField(blank=True, null=True, verbose_name='away from')),
                ('away_until', models.DateField(blank=True, null=True, verbose_name='away until, that day included')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expertises', to='events.event')),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expertises', to=settings.AUTH_USER_MODEL)),
                ('tracks', models.ManyToManyField(blank=True, to='events.track', verbose_name='categories')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'judge'), name='expertise_told_once')],
            },
        ),
        migrations.CreateModel(
            name='Panel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.CharField(choices=[('before', 'beside the submission, from the beginning'), ('after', "after the judge's first score of it")], default='before', max_length=10, verbose_name='judges see what the data says')),
                ('pairs', models.BooleanField(default=False, verbose_name='judges may also compare two at a time (expo)')),
                ('blind', models.BooleanField(default=False, verbose_name='judges are not told whose work it is')),
                ('discussion', models.BooleanField(default=False, verbose_name="judges who have submitted see the others' scores and discuss them")),
                ('shows_scores', models.BooleanField(default=False, verbose_name='participants see their scores with the results, judges unnamed')),
                ('second_organizer', models.BooleanField(default=False, verbose_name='publication needs the confirmation of a second organizer')),
                ('cap', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(100)], verbose_name='most reviews of one submission')),
                ('frozen_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='panel', to='events.event')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('cap__gte', 2)), name='panel_cap_is_two_or_more')],
            },
        ),
        migrations.CreateModel(
            name='Spot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='spot', to='entries.submission')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='spot_from_one')],
            },
        ),
        ]),
    ]
