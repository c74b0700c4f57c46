"""The tables as the first release has them: what came before it is folded in here."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from theme.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('awards', '0002_prizes_and_versions')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('entries', '0001_initial'),
        ('events', '0001_initial'),
    ]

    operations = [
        CreateTables([
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='place')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='awards', to='events.event')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='entries.submission')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='events.track')),
                ('share', models.PositiveSmallIntegerField(default=1, editable=False)),
            ],
            options={
                'ordering': ['track__position', 'track_id', 'place', 'share'],
                'constraints': [models.UniqueConstraint(fields=('track', 'submission'), name='one_place_a_submission'), models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 3)), name='place_is_1_to_3'), models.UniqueConstraint(fields=('event', 'track', 'place', 'share'), name='share_of_a_place_given_once')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='events.event')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'by', 'state'), name='confirmed_once')],
            },
        ),
        migrations.CreateModel(
            name='Prize',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=300, verbose_name='what it is')),
                ('by', models.CharField(choices=[('decision', 'the organizers decide'), ('votes', 'most votes')], default='decision', max_length=10, verbose_name='who decides')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prizes', to='events.event')),
                ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prizes', to='entries.submission', verbose_name='winner')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'name'), name='prize_name_once_an_event')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('ranking', models.JSONField()),
                ('input_hash', models.CharField(max_length=64)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='events.event')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('numbers', models.JSONField(default=dict)),
                ('places', models.JSONField(default=list)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'version'), name='published_once_a_version'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('event',), name='one_standing_publication')],
                'ordering': ['-version'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='publish at')),
                ('refused', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='release', to='events.event')),
            ],
        ),
        ]),
    ]
