"""The tables as the first release has them: what came before it is folded in here."""

import django.db.models.deletion
import django.db.models.functions.datetime
import events.models.event
import submissions.entries.links
import uuid
from django.conf import settings
from django.db import migrations, models

from theme.tables import CreateTables


INDEX = """
CREATE INDEX entries_submission_words ON entries_submission USING gin (
    to_tsvector('english', "title" || ' ' || "summary" || ' ' || "description" || ' ' || "built_with")
)
"""


def index_words(apps, schema_editor):
    """For searching.search; SQLite has no such index and searches without."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX entries_submission_words")


class Migration(migrations.Migration):

    replaces = [('entries', '0002_entry_types'), ('entries', '0003_existing_are_projects'), ('entries', '0004_type_needed'), ('entries', '0005_drafts_and_gallery')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('events', '0001_initial'),
    ]

    operations = [
        CreateTables([
        migrations.CreateModel(
            name='EntryType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40)),
                ('kind', models.CharField(choices=[('project', 'Project'), ('talk', 'Talk'), ('poster', 'Poster'), ('proposal', 'Proposal')], max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('intro', models.TextField(blank=True, max_length=2000, verbose_name='what to hand in')),
                ('belongs_to', models.CharField(choices=[('team', 'a team'), ('authors', 'authors in order'), ('person', 'one person')], max_length=20, verbose_name='belongs to')),
                ('fields', models.JSONField(blank=True, default=dict)),
                ('uses_tracks', models.BooleanField(default=True, verbose_name='is entered in a category')),
                ('several_tracks', models.BooleanField(default=False, verbose_name='may enter several categories')),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                ('grace', models.DurationField(default=events.models.event.usual_grace, verbose_name='grace')),
                ('at_deadline', models.CharField(choices=[('hand_in', 'complete drafts are handed in as they are'), ('keep', 'drafts stay drafts')], default='hand_in', max_length=20, verbose_name='at the deadline')),
                ('per_person', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='most per person')),
                ('per_team', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='most per team')),
                ('blind', models.BooleanField(default=False, verbose_name='reviewers do not see who wrote it')),
                ('decided', models.BooleanField(default=False, verbose_name='is accepted or rejected')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entry_types', to='events.event')),
                ('tracks', models.ManyToManyField(blank=True, related_name='entry_types', to='events.track', verbose_name='categories it may enter')),
                ('settled_for', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'slug'), name='entry_type_slug_once_an_event'), models.CheckConstraint(condition=models.Q(models.Q(('closes_at__isnull', True), ('opens_at__isnull', True)), ('closes_at__gt', models.F('opens_at')), _connector='OR'), name='entry_type_window_is_whole'), models.CheckConstraint(condition=models.Q(('belongs_to', 'team'), ('per_team__isnull', True), _connector='OR'), name='limit_a_team_where_there_are_teams')],
            },
        ),
        migrations.CreateModel(
            name='Gallery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at', models.DateTimeField(blank=True, help_text='Without a date it opens with the results.', null=True, verbose_name='open to everybody from')),
                ('votes', models.BooleanField(default=False, verbose_name='visitors vote for a favourite')),
                ('votes_published', models.BooleanField(default=False, verbose_name='the count of votes is public')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='gallery', to='events.event')),
            ],
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40)),
                ('label', models.CharField(max_length=200, verbose_name='question')),
                ('help', models.CharField(blank=True, max_length=300, verbose_name='help')),
                ('shape', models.CharField(choices=[('line', 'one line'), ('text', 'text in Markdown'), ('choice', 'one of a list'), ('link', 'web address')], default='text', max_length=20, verbose_name='shape')),
                ('choices', models.JSONField(blank=True, default=list, verbose_name='choices')),
                ('required', models.BooleanField(default=False, verbose_name='required')),
                ('limit', models.PositiveIntegerField(default=2000, verbose_name='limit')),
                ('unit', models.CharField(choices=[('characters', 'characters'), ('words', 'words')], default='characters', max_length=20, verbose_name='unit')),
                ('identifies', models.BooleanField(default=False, verbose_name='tells who wrote it')),
                ('public', models.BooleanField(default=False, verbose_name='shown to everybody')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('entry_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='entries.entrytype')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('entry_type', 'slug'), name='question_slug_once_an_entry_type')],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=1000)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submission_filters', to='events.event')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('event', 'name'), name='filter_name_once_an_event')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('withdrawn', 'Withdrawn')], default='draft', max_length=20)),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('summary', models.CharField(blank=True, max_length=2000, verbose_name='summary')),
                ('description', models.TextField(blank=True, max_length=50000, verbose_name='description')),
                ('repository_url', models.URLField(blank=True, max_length=500, validators=[submissions.entries.links.allowed_address], verbose_name='code repository')),
                ('demo_url', models.URLField(blank=True, max_length=500, validators=[submissions.entries.links.allowed_address], verbose_name='demo')),
                ('video_url', models.URLField(blank=True, max_length=500, validators=[submissions.entries.links.allowed_address], verbose_name='video')),
                ('documentation_url', models.URLField(blank=True, max_length=500, validators=[submissions.entries.links.allowed_address], verbose_name='documentation')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('revealed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='events.event')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='events.team')),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='events.track', verbose_name='category')),
                ('answers', models.JSONField(blank=True, default=dict)),
                ('built_with', models.CharField(blank=True, max_length=300, verbose_name='built with')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('decision', models.CharField(choices=[('submitted', 'Submitted'), ('under_review', 'Under review'), ('accepted', 'Accepted'), ('waitlisted', 'Waitlisted'), ('rejected', 'Rejected'), ('confirmed', 'Confirmed'), ('declined', 'Declined')], default='submitted', max_length=20)),
                ('licence', models.CharField(blank=True, choices=[('MIT', 'MIT'), ('Apache-2.0', 'Apache 2.0'), ('BSD-3-Clause', 'BSD 3-Clause'), ('GPL-3.0-or-later', 'GNU GPL 3'), ('CC-BY-4.0', 'Creative Commons Attribution 4.0'), ('CC0-1.0', 'CC0 (public domain)'), ('none', 'All rights reserved'), ('other', 'Another, named in the description')], max_length=40, verbose_name='licence')),
                ('more_tracks', models.ManyToManyField(blank=True, related_name='also_entered', to='events.track', verbose_name='further categories')),
                ('paper_url', models.URLField(blank=True, max_length=500, validators=[submissions.entries.links.allowed_address], verbose_name='paper')),
                ('publish', models.BooleanField(default=False, verbose_name='may be published')),
                ('entry_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='entries.entrytype', verbose_name='type')),
                ('request_key', models.CharField(blank=True, editable=False, max_length=80)),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), ('submitted_at__isnull', False), _connector='OR'), name='submitted_has_a_time'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='revision_counts_from_one'), models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('entry_type', 'team', 'track'), name='one_submission_a_team_and_track'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), _negated=True), ('decision', 'submitted'), _connector='OR'), name='no_decision_on_a_draft'), models.UniqueConstraint(condition=models.Q(('request_key', ''), _negated=True), fields=('request_key',), name='begun_once_a_request')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('image', 'picture'), ('pdf', 'PDF'), ('zip', 'ZIP'), ('notebook', 'notebook')], max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('caption', models.CharField(blank=True, max_length=200, verbose_name='what it shows')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='entries.submission')),
            ],
            options={
                'ordering': ['added_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'sha256'), name='a_file_once')],
            },
        ),
        migrations.CreateModel(
            name='Author',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('affiliation', models.CharField(blank=True, max_length=200, verbose_name='affiliation')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('presents', models.BooleanField(default=False, verbose_name='presents')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authors', to='entries.submission')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='authorships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['submission', 'position'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'position'), name='one_author_a_position'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('submission', 'user'), name='a_person_is_author_once')],
            },
        ),
        migrations.CreateModel(
            name='DraftDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(choices=[('accepted', 'Accepted'), ('waitlisted', 'Waitlisted'), ('rejected', 'Rejected')], max_length=20)),
                ('decided_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='draft_decision', to='entries.submission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('decision__in', ('accepted', 'waitlisted', 'rejected'))), name='draft_decision_is_an_answer')],
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='label')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='events.event')),
                ('submissions', models.ManyToManyField(blank=True, related_name='labels', to='entries.submission')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('event', 'name'), name='label_once_an_event')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=5000, verbose_name='note')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='entries.submission')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-written_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Reader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='entries.submission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('submission', 'user'), name='given_to_read_once')],
            },
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('granted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reopenings', to='entries.submission')),
            ],
            options={
                'ordering': ['-granted_at'],
            },
        ),
        migrations.CreateModel(
            name='SubmissionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('submitted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='entries.submission')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('authors', models.JSONField(default=list)),
                ('late_by', models.DurationField(editable=False, null=True)),
                ('request_key', models.CharField(blank=True, editable=False, max_length=80)),
                ('track', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.track')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'number'), name='version_number_once'), models.UniqueConstraint(condition=models.Q(('request_key', ''), _negated=True), fields=('submission', 'request_key'), name='version_once_a_request')],
            },
        ),
        migrations.CreateModel(
            name='Tool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=60)),
                ('name', models.CharField(max_length=60)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tools', to='entries.submission')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'slug'), name='tool_once_a_submission')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mailbox', models.CharField(max_length=254)),
                ('cast_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='events.event')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='entries.submission')),
                ('voter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'voter'), name='one_vote_a_person'), models.UniqueConstraint(fields=('event', 'mailbox'), name='one_vote_a_mailbox')],
            },
        ),
        migrations.CreateModel(
            name='WorkingCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='working_copy', to='entries.submission')),
                ('track', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.track')),
            ],
        ),
        ]),
        migrations.RunPython(index_words, drop_index),
    ]
