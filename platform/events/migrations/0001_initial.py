"""The tables as the first release has them: what came before it is folded in here."""

import accounts.models
import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import events.models.event
import events.models.invitation
import events.models.question
import uuid
from django.conf import settings
from django.db import migrations, models

from theme.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [('events', '0002_people_come_in')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables([
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('kind', models.CharField(choices=[('hackathon', 'Hackathon'), ('conference', 'Conference'), ('programme', 'Mentored programme')], default='hackathon', max_length=20, verbose_name='kind')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=20)),
                ('summary', models.CharField(blank=True, max_length=300, verbose_name='one sentence about it')),
                ('description', models.TextField(blank=True, max_length=20000, verbose_name='description')),
                ('timezone', models.CharField(default='UTC', max_length=64, validators=[accounts.models.known_zone], verbose_name='time zone')),
                ('team_size', models.PositiveSmallIntegerField(default=5, verbose_name='largest team')),
                ('results_at', models.DateTimeField(blank=True, null=True, verbose_name='results public since')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('admission', models.CharField(choices=[('open', 'Open: whoever registers takes part'), ('application', 'By application: organizers accept or decline'), ('invitation', 'By invitation only')], default='open', max_length=20, verbose_name='who may come')),
                ('answers_until', models.DateTimeField(blank=True, null=True, verbose_name='answers can be changed until')),
                ('capacity', models.PositiveIntegerField(blank=True, null=True, verbose_name='places')),
                ('colour', models.CharField(blank=True, max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}\\Z', 'Write a colour as #rrggbb, such as #1250a8.')], verbose_name='colour')),
                ('logo', models.ImageField(blank=True, upload_to=events.models.event.logo_place)),
                ('offer_lasts', models.DurationField(default=events.models.event.usual_offer, verbose_name='time to confirm a place')),
                ('on_colour', models.CharField(blank=True, max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}\\Z', 'Write a colour as #rrggbb, such as #1250a8.')], verbose_name='text on that colour')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('switched', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('team_size__gte', 1)), name='team_has_room'), models.CheckConstraint(condition=models.Q(('capacity__isnull', True), ('capacity__gte', 1), _connector='OR'), name='event_has_room'), models.CheckConstraint(condition=models.Q(('offer_lasts__gt', datetime.timedelta(0))), name='offer_lasts_a_while')],
            },
        ),
        migrations.CreateModel(
            name='Conduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1)),
                ('text', models.TextField(max_length=50000, verbose_name='code of conduct')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conducts', to='events.event')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('event', 'version'), name='conduct_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to=settings.AUTH_USER_MODEL)),
                ('conduct', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='events.conduct')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('conduct', 'user'), name='conduct_accepted_once')],
            },
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, verbose_name='address')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('text', models.TextField(max_length=50000, verbose_name='text')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='events.event')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'slug'), name='page_slug_once_an_event')],
            },
        ),
        migrations.CreateModel(
            name='Phase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('registration', 'Registration'), ('submission', 'Submission'), ('judging', 'Judging'), ('mentoring', 'Mentoring'), ('voting', 'Audience vote'), ('event', 'The event itself'), ('results', 'Results public')], max_length=20, verbose_name='kind')),
                ('opens_at', models.DateTimeField(verbose_name='opens')),
                ('closes_at', models.DateTimeField(verbose_name='closes')),
                ('grace', models.DurationField(default=events.models.event.usual_grace, verbose_name='grace')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='events.event')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='own name')),
            ],
            options={
                'ordering': ['opens_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'kind'), name='one_phase_of_a_kind'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='phase_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('grace__gte', datetime.timedelta(0))), name='grace_is_never_negative')],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('phase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='events.phase')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['until', 'id'],
                'constraints': [models.UniqueConstraint(fields=('phase', 'user'), name='one_extension_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Seeker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('skills', models.CharField(max_length=200, verbose_name='your skills')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='what you would like to build')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seekers', to='events.event')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='searches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'user'), name='seeks_once_an_event')],
            },
        ),
        migrations.CreateModel(
            name='Track',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, verbose_name='address')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=5000, verbose_name='description')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tracks', to='events.event')),
                ('capacity', models.PositiveIntegerField(blank=True, null=True, verbose_name='places')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'slug'), name='track_slug_once_an_event'), models.CheckConstraint(condition=models.Q(('capacity__isnull', True), ('capacity__gte', 1), _connector='OR'), name='track_has_room')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=events.models.invitation.new_code, editable=False, max_length=32, unique=True)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('role', models.CharField(blank=True, choices=[('owner', 'Owner'), ('organizer', 'Organizer'), ('judge', 'Judge'), ('track_lead', 'Category lead'), ('mentor', 'Mentor'), ('speaker', 'Speaker'), ('check_in', 'Check-in')], max_length=20, verbose_name='role')),
                ('uses', models.PositiveIntegerField(default=1, verbose_name='how many people may use it')),
                ('used', models.PositiveIntegerField(default=0, editable=False)),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='valid until')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note for organizers')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='events.event')),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='events.track', verbose_name='category')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('used__lte', models.F('uses'))), name='code_used_no_more'), models.CheckConstraint(condition=models.Q(('uses__gte', 1)), name='code_is_for_somebody'), models.CheckConstraint(condition=models.Q(('email', ''), ('uses', 1), _connector='OR'), name='personal_invitation_is_for_one'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'track_lead'), _negated=True), ('track__isnull', False), _connector='OR'), name='invited_track_lead_has_a_track'), models.UniqueConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), ('track__isnull', True), ('withdrawn_at__isnull', True)), fields=('event', 'email', 'role'), name='invited_once_a_role')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, verbose_name='short name')),
                ('label', models.CharField(max_length=300, verbose_name='question')),
                ('help_text', models.CharField(blank=True, max_length=500, verbose_name='explanation')),
                ('kind', models.CharField(choices=[('text', 'One line of text'), ('long_text', 'Several lines of text'), ('choice', 'One of several'), ('multiple', 'Any of several'), ('number', 'A number'), ('date', 'A date'), ('country', 'A country'), ('file', 'A file'), ('consent', 'A consent')], default='text', max_length=20, verbose_name='answer')),
                ('options', models.JSONField(blank=True, default=list, verbose_name='choices')),
                ('required', models.CharField(choices=[('never', 'Never'), ('always', 'Always'), ('some', 'Of the role or category below')], default='never', max_length=10, verbose_name='required')),
                ('required_role', models.CharField(blank=True, choices=[('owner', 'Owner'), ('organizer', 'Organizer'), ('judge', 'Judge'), ('track_lead', 'Category lead'), ('mentor', 'Mentor'), ('speaker', 'Speaker'), ('check_in', 'Check-in')], max_length=20, verbose_name='role')),
                ('depends_value', models.CharField(blank=True, max_length=200, verbose_name='if it was answered with')),
                ('personal', models.BooleanField(default=True, verbose_name='personal data')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('depends_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='dependents', to='events.question', verbose_name='asked only after')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='events.event')),
                ('required_track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.track', verbose_name='category')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'slug'), name='question_slug_once'), models.CheckConstraint(condition=models.Q(('depends_on', models.F('id')), _negated=True), name='question_depends_on_another')],
            },
        ),
        migrations.CreateModel(
            name='Redemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='redemptions', to='events.invitation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='redemptions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('invitation', 'user'), name='invitation_used_once')],
            },
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('applied', 'Applied'), ('accepted', 'Accepted, not told'), ('declined', 'Declined, not told'), ('offered', 'Offered a place'), ('rejected', 'Declined'), ('confirmed', 'Registered'), ('waiting', 'Waiting'), ('lapsed', 'Offer ran out'), ('cancelled', 'Cancelled'), ('checked_in', 'Checked in')], default='confirmed', max_length=20)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='registrations', to='events.event')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='registrations', to=settings.AUTH_USER_MODEL)),
                ('checked_in_at', models.DateTimeField(blank=True, null=True)),
                ('checked_in_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.PositiveBigIntegerField(blank=True, null=True)),
                ('offer_until', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('ticket', models.CharField(default=events.models.invitation.new_code, editable=False, max_length=32, unique=True)),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='registrations', to='events.track', verbose_name='category')),
                ('invitation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='registrations', to='events.invitation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'user'), name='registered_once'), models.CheckConstraint(condition=models.Q(models.Q(('line__isnull', False), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('line__isnull', True)), _connector='OR'), name='who_waits_stands_in_line'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'offered'), _negated=True), ('offer_until__isnull', False), _connector='OR'), name='offer_ends_some_time'), models.CheckConstraint(condition=models.Q(models.Q(('checked_in_at__isnull', False), ('state', 'checked_in')), models.Q(models.Q(('state', 'checked_in'), _negated=True), ('checked_in_at__isnull', True)), _connector='OR'), name='checked_in_has_a_time'), models.UniqueConstraint(condition=models.Q(('line__isnull', False)), fields=('event', 'line'), name='one_person_a_place_in_line')],
                'indexes': [models.Index(fields=['event', 'state', 'line'], name='registration_in_line'), models.Index(fields=['event', '-id'], name='registration_newest')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.JSONField()),
                ('file', models.FileField(blank=True, upload_to=events.models.question.answer_place)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='events.registration')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='events.question')),
            ],
            options={
                'ordering': ['question__position', 'question_id'],
                'constraints': [models.UniqueConstraint(fields=('registration', 'question'), name='answered_once')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('owner', 'Owner'), ('organizer', 'Organizer'), ('judge', 'Judge'), ('track_lead', 'Category lead'), ('mentor', 'Mentor'), ('speaker', 'Speaker'), ('check_in', 'Check-in')], max_length=20, verbose_name='role')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='events.event')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL)),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='events.track')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'track_lead'), _negated=True), fields=('event', 'user', 'kind'), name='role_held_once'), models.UniqueConstraint(condition=models.Q(('kind', 'track_lead')), fields=('event', 'user', 'track'), name='track_led_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'track_lead'), _negated=True), ('track__isnull', False), _connector='OR'), name='track_lead_has_a_track')],
                'ordering': ['kind', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('invite_code', models.CharField(default=events.models.invitation.new_code, max_length=32, unique=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='events.event')),
                ('about', models.CharField(blank=True, max_length=300, verbose_name='what you are building')),
                ('recruiting', models.BooleanField(default=False, verbose_name='shown on the board')),
                ('wanted', models.CharField(blank=True, max_length=200, verbose_name='skills you look for')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'name'), name='team_name_once_an_event')],
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.CharField(blank=True, max_length=300, verbose_name='a sentence to the team')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='events.team')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('team', 'user'), name='team_asked_once')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('leads', models.BooleanField(default=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='events.event')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='events.team')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('event', 'user'), name='one_team_a_person_an_event'), models.UniqueConstraint(condition=models.Q(('leads', True)), fields=('team',), name='one_lead_a_team')],
            },
        ),
        ]),
        migrations.AddField(
            model_name='Team',
            name='members',
            field=models.ManyToManyField(related_name='teams', through='events.Membership', to=settings.AUTH_USER_MODEL),
        ),
    ]
