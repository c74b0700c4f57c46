"""The tables as the first release has them: what came before it is folded in here."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import submissions.programme.models.people
import uuid
from django.conf import settings
from django.db import migrations, models

from theme.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('entries', '0001_initial'),
        ('events', '0001_initial'),
    ]

    operations = [
        CreateTables([
        migrations.CreateModel(
            name='Availability',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='availabilities', to='events.event')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='availabilities', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='availability_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=submissions.programme.models.people.new_token, max_length=40, unique=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendars', to='events.event')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendars', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'user'), name='calendar_once_an_event')],
            },
        ),
        migrations.CreateModel(
            name='Day',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('opens', models.TimeField(verbose_name='from')),
                ('closes', models.TimeField(verbose_name='until')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='events.event')),
            ],
            options={
                'ordering': ['date'],
                'constraints': [models.UniqueConstraint(fields=('event', 'date'), name='day_once_an_event'), models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='day_has_hours')],
            },
        ),
        migrations.CreateModel(
            name='Poster',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('abstract', models.TextField(blank=True, max_length=50000, verbose_name='abstract')),
                ('video_url', models.URLField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(message='Write a full web address that begins with https:// or http://.', schemes=['http', 'https'])], verbose_name='short video')),
                ('code_url', models.URLField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(message='Write a full web address that begins with https:// or http://.', schemes=['http', 'https'])], verbose_name='code')),
                ('paper_url', models.URLField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(message='Write a full web address that begins with https:// or http://.', schemes=['http', 'https'])], verbose_name='paper')),
                ('meeting_url', models.URLField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(message='Write a full web address that begins with https:// or http://.', schemes=['http', 'https'])], verbose_name='video room')),
                ('shows_evidence', models.BooleanField(default=False, verbose_name='show what our data says')),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posters', to='events.event')),
                ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posters', to='entries.submission')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posters', to='events.track', verbose_name='category')),
            ],
            options={
                'ordering': ['title', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('submission__isnull', False)), fields=('submission',), name='one_poster_a_submission')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='a word to the authors')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cards', to=settings.AUTH_USER_MODEL)),
                ('poster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='programme.poster')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('poster', 'user'), name='card_left_once')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('presenting_until', models.DateTimeField(null=True)),
                ('poster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='programme.poster')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['seen_at'], name='programme_p_seen_at_1856d3_idx'), models.Index(fields=['presenting_until'], name='programme_p_present_f98610_idx')],
                'constraints': [models.UniqueConstraint(fields=('poster', 'user'), name='present_once_at_a_poster')],
            },
        ),
        migrations.CreateModel(
            name='Presenter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('equipment', models.TextField(blank=True, max_length=1000, verbose_name='what you need')),
                ('release', models.CharField(blank=True, choices=[('', 'not answered'), ('given', 'agreed'), ('refused', 'not agreed')], max_length=10, verbose_name='release form')),
                ('released_at', models.DateTimeField(editable=False, null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presenters', to='events.event')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presenting', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'user'), name='presenter_once_an_event')],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('hall_public', models.BooleanField(default=False, verbose_name='everybody may visit the poster hall')),
                ('moderated', models.BooleanField(default=False, verbose_name='questions in talks wait for a moderator')),
                ('slides_until', models.DateTimeField(blank=True, null=True, verbose_name='slides and posters until')),
                ('vote_opens_at', models.DateTimeField(blank=True, null=True, verbose_name='best-poster vote from')),
                ('vote_closes_at', models.DateTimeField(blank=True, null=True, verbose_name='best-poster vote until')),
                ('feedback_released_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('release_form', models.TextField(default='I agree that my talk or poster is recorded and published with the event.', max_length=5000, verbose_name='release form')),
                ('embed_from', models.CharField(blank=True, default='', max_length=500, verbose_name='sites that may embed the agenda')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='programme', to='events.event')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('vote_opens_at__isnull', True), ('vote_closes_at__isnull', True), ('vote_closes_at__gt', models.F('vote_opens_at')), _connector='OR'), name='poster_vote_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=1000)),
                ('hidden', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='remarks', to=settings.AUTH_USER_MODEL)),
                ('poster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='programme.poster')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('capacity', models.PositiveIntegerField(blank=True, null=True, verbose_name='seats')),
                ('link', models.URLField(blank=True, validators=[django.core.validators.URLValidator(message='Write a full web address that begins with https:// or http://.', schemes=['http', 'https'])], verbose_name='video link')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('retired', models.BooleanField(default=False, editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='events.event')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'name'), name='room_name_once_an_event'), models.CheckConstraint(condition=models.Q(('capacity__isnull', True), ('capacity__gte', 1), _connector='OR'), name='room_has_a_seat')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('talk', 'Talk'), ('keynote', 'Keynote'), ('posters', 'Poster session'), ('break', 'Break')], default='talk', max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('abstract', models.TextField(blank=True, max_length=50000, verbose_name='abstract')),
                ('minutes', models.PositiveSmallIntegerField(default=30, verbose_name='minutes')),
                ('expected', models.PositiveIntegerField(blank=True, null=True, verbose_name='people expected')),
                ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('cancelled_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='events.event')),
                ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='entries.submission')),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sessions', to='events.track', verbose_name='category')),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('submission__isnull', False)), fields=('submission',), name='one_session_a_submission'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='session_lasts_up_to_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Board',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='board')),
                ('poster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boards', to='programme.poster')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boards', to='programme.session')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('session', 'number'), name='board_taken_once'), models.UniqueConstraint(fields=('session', 'poster'), name='poster_hangs_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='boards_count_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Contributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('affiliation', models.CharField(blank=True, max_length=200, verbose_name='affiliation')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contributions', to=settings.AUTH_USER_MODEL)),
                ('poster', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='contributors', to='programme.poster')),
                ('session', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='contributors', to='programme.session')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('session__isnull', True), ('poster__isnull', True), _connector='XOR'), name='contributes_to_a_session_or_a_poster'), models.UniqueConstraint(fields=('session', 'user'), name='speaks_once_in_a_session'), models.UniqueConstraint(fields=('poster', 'user'), name='author_once_of_a_poster')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('media_type', models.CharField(max_length=40)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('pages', models.PositiveSmallIntegerField(default=1)),
                ('uploaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('poster', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sheet', to='programme.poster')),
                ('session', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='slides', to='programme.session')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('session__isnull', True), ('poster__isnull', True), _connector='XOR'), name='document_of_a_session_or_a_poster')],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voice', models.CharField(max_length=64)),
                ('rating', models.PositiveSmallIntegerField(verbose_name='rating')),
                ('comment', models.TextField(blank=True, max_length=2000, verbose_name='comment')),
                ('may_quote', models.BooleanField(default=False, verbose_name='may be quoted in the recap')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='feedback', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='events.event')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='programme.session')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('session__isnull', False)), fields=('session', 'voice'), name='one_feedback_a_session'), models.UniqueConstraint(condition=models.Q(('session__isnull', True)), fields=('event', 'voice'), name='one_feedback_an_event'), models.CheckConstraint(condition=models.Q(('rating__gte', 1), ('rating__lte', 5)), name='rating_from_one_to_five')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='question')),
                ('private', models.BooleanField(default=False, verbose_name='only for the authors')),
                ('nameless', models.BooleanField(default=False, verbose_name='without my name')),
                ('state', models.CharField(choices=[('waiting', 'waits for a moderator'), ('open', 'open'), ('answered', 'answered'), ('hidden', 'hidden')], default='open', max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='asked', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='events.event')),
                ('poster', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='programme.poster')),
                ('session', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='programme.session')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['poster', 'state'], name='programme_q_poster__421e98_idx'), models.Index(fields=['author'], name='programme_q_author__afc0e2_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('session__isnull', True), ('poster__isnull', True), _connector='XOR'), name='question_to_a_session_or_a_poster')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=5000, verbose_name='answer')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='programme.question')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='QuestionVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='programme.question')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='question_votes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('question', 'user'), name='question_voted_once')],
            },
        ),
        migrations.CreateModel(
            name='Recap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prose', models.TextField(blank=True, max_length=20000, verbose_name='text')),
                ('frozen', models.JSONField(editable=False, null=True)),
                ('frozen_at', models.DateTimeField(editable=False, null=True)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='recap', to='events.event')),
                ('quotes', models.ManyToManyField(blank=True, related_name='+', to='programme.feedback')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('frozen__isnull', True), ('frozen_at__isnull', True)), models.Q(('frozen__isnull', False), ('frozen_at__isnull', False)), _connector='OR'), name='frozen_numbers_have_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Star',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('poster', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='stars', to='programme.poster')),
                ('session', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='stars', to='programme.session')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stars', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('session__isnull', True), ('poster__isnull', True), _connector='XOR'), name='star_on_a_session_or_a_poster'), models.UniqueConstraint(fields=('user', 'session'), name='session_starred_once'), models.UniqueConstraint(fields=('user', 'poster'), name='poster_starred_once')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(null=True)),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('changes', models.JSONField(default=list)),
                ('released_at', models.DateTimeField(null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='schedule_versions', to='events.event')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': [models.OrderBy(models.F('number'), descending=True, nulls_first=True)],
                'constraints': [models.UniqueConstraint(fields=('event', 'number'), name='version_once_an_event'), models.UniqueConstraint(condition=models.Q(('number__isnull', True)), fields=('event',), name='one_draft_an_event'), models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', True), ('released_at__isnull', True)), models.Q(('number__isnull', False), ('released_at__isnull', False)), _connector='OR'), name='released_version_has_a_number')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='programme.room')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='programme.session')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='programme.version')),
            ],
            options={
                'ordering': ['starts_at', 'room__position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('version', 'session'), name='session_placed_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='slot_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cast_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='poster_votes', to='events.event')),
                ('poster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='programme.poster')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='poster_votes', to='events.track')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='poster_votes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'track'), name='one_poster_vote_a_category')],
            },
        ),
        ]),
    ]
