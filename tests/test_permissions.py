"""Who may open which address, over a closed world: an address that is not declared here fails.

The table is the permission matrix (reliability, section 4); tests/matrix.py says which resource and
verb each address is. Everybody else gets 404, the same as for what does not exist; strangers
without an account are sent to sign in or get 404, never a hint.

The ten rules of that section: 1 and 2 here (closed world, 404); 3 `tests/config/test_rules.py`; 4
`tests/judging/test_conflicts_everywhere.py`; 5 `tests/entries/test_windows.py`; 6 and 10
`tests/test_canary.py`; 7 `tests/config/test_bad_requests.py` (an export after the role was taken
away) and `tests/accounts`; 8 `tests/anomaly/datasets/test_inspection.py`; 9
`tests/config/test_admin.py`.
"""

import shutil
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from anomaly.datasets import store
from anomaly.jobs import actions as jobs
from anomaly.jobs import artefacts, leases
from anomaly.jobs.models import Worker
from events import actions as events
from events.models import Role
from judging.awards import actions as awards
from judging.ballots import actions as ballots
from judging.panel import actions as panel
from submissions.entries.gallery import set_gallery
from tests.anomaly.conftest import (
    small_table,
    understood,  # noqa: F401 - a fixture
    with_content,
)
from tests.conftest import make_user
from tests.matrix import MATRIX
from tests.pages import EVERYBODY, READERS, RUNNING, SIGNED_IN, TEAM, WORDS

HERE = Path(__file__).parent
ROOMS = [
    import_module(".".join(["tests", *file.relative_to(HERE).with_suffix("").parts]))
    for file in sorted(HERE.glob("*/**/pages.py"))
]
PAGES = {name: page for room in ROOMS for name, page in room.PAGES.items()}
# Pages of django-allauth: each is about the own account only.
ACCOUNT = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_email",
    "account_email_verification_sent",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password_from_key_done",
    "account_reset_password_from_key",
    "account_reset_password_done",
    "account_request_login_code",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "usersessions_list",
}


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found |= names(pattern.url_patterns, inner)
        else:
            found.add(f"{space}{pattern.name}")
    return found


# Pages to look at for the site's own administrators; tests/config/test_admin.py walks them all.
ADMIN = {name for name in names(get_resolver().url_patterns) if name.startswith("admin:")}


def test_every_address_is_declared_and_every_declaration_exists():
    assert names(get_resolver().url_patterns) - ADMIN == set(PAGES) | ACCOUNT


def test_every_declared_address_has_one_resource_and_verb():
    """In tests/matrix.py, which is what docs/permissions.md is drawn from."""
    named = [
        name for verbs in MATRIX.values() for names in verbs.values() for name in names.split()
    ]
    assert sorted(named) == sorted(PAGES)


def test_declared_addresses_of_one_resource_and_verb_answer_the_same_roles():
    """A cell of the matrix says one thing; where addresses differ, their verbs have two names."""
    for resource, verbs in MATRIX.items():
        for verb, names in verbs.items():
            now = {frozenset(PAGES[name].may.split()) for name in names.split()}
            later = {PUBLISHED.get(name, PAGES[name].may) for name in names.split()}
            assert len(now) == 1, (resource, verb)
            assert len({frozenset(may.split()) for may in later}) == 1, (resource, verb)


HELPERS = {
    "lead": Role.Kind.TRACK_LEAD,
    "mentor": Role.Kind.MENTOR,
    "speaker": Role.Kind.SPEAKER,
    "door": Role.Kind.CHECK_IN,
    "coorganizer": Role.Kind.ORGANIZER,  # the organizer of the cast owns the event
}


@pytest.fixture
def world(
    event,
    other_event,
    author,
    rival,
    judge,
    organizer,
    stranger,
    submission,
    team,
    artefact,
    understood,  # noqa: F811
):
    """One of everything, handed in by the author's team and given to one of two judges."""
    bystander, foreigner = make_user("bystander"), make_user("foreigner")
    administrator = make_user("administrator")
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    events.grant_role(None, event, to=bystander, kind=Role.Kind.JUDGE)
    events.grant_role(None, other_event, to=foreigner, kind=Role.Kind.OWNER)
    member = make_user("member")
    events.register(member, event)
    team.memberships.create(event=event, user=member)
    helpers = {name: make_user(name) for name in HELPERS}
    for name, kind in HELPERS.items():
        track = submission.track if kind == Role.Kind.TRACK_LEAD else None
        events.grant_role(None, event, to=helpers[name], kind=kind, track=track)
    criterion = panel.use_reference_criteria(organizer, event)[0]
    assignment = panel.assign(organizer, submission, judge=judge)
    scores = {criterion.pk: 4 for criterion in event.criteria.all()}
    ballots.submit(judge, assignment, scores=scores)
    dataset, job = scored_data_set(author, submission, understood, artefact)
    made = SimpleNamespace(
        event=event,
        team=team,
        slug=event.slug,
        code=team.invite_code,
        submission=submission.pk,
        dataset=dataset.pk,
        job=job.pk,
        waiting=jobs.start(author, dataset).pk,
        report=job.pk,
        kind="csv",
        criterion=criterion.pk,
        assignment=assignment.pk,
        people={
            "anonymous": None,
            "stranger": stranger,
            "administrator": administrator,  # looks in the admin, and is nobody in an event
            "foreigner": foreigner,
            "author": author,
            "member": member,
            "rival": rival,
            "judge": judge,
            "bystander": bystander,
            "organizer": organizer,
            **helpers,
        },
    )
    for room in ROOMS:
        getattr(room, "furnish", lambda _world: None)(made)
    return made


def scored_data_set(author, submission, profile, artefact, name="sensors.csv"):
    """A data set with a succeeded job and its report."""
    stored = store.keep([small_table().encode()], limit=10_000)
    dataset = with_content(author, submission, name, stored, profile)
    jobs.start(author, dataset)
    job = leases.claim(Worker.objects.create(name="w", device="cpu"))
    out = artefacts.workplace(job) / "out"
    shutil.copytree(artefact, out)
    place, manifest = artefacts.publish(out, job)
    leases.succeed(job, artefact=place, manifest=manifest)
    return dataset, job


@pytest.fixture
def browsers(world, sign_in, monkeypatch):
    """One for each role; in one world for all addresses, because making it takes a while. Who gets
    an answer is asked here, not what stands in it, so nothing is drawn; tests/test_canary.py reads
    every page."""
    drawn = "django.template.backends.django.Template.render"
    monkeypatch.setattr(drawn, lambda *args, **more: "")
    return {role: sign_in(user) for role, user in world.people.items()}


def test_addresses_answer_exactly_those_who_may(world, browsers):
    passed = {
        name: let_in(browsers, page.method, page.path(name, world)) for name, page in PAGES.items()
    }
    assert passed == {name: {*page.may.split()} for name, page in PAGES.items()}


def let_in(browsers, method: str, path: str) -> set[str]:
    """The roles that get an answer."""
    return {role for role, browser in browsers.items() if lets_in(ask(browser, method, path))}


def ask(browser, method: str, path: str):
    """Whatever the request changes is undone, so that the next role finds the same world."""
    with transaction.atomic():
        answer = getattr(browser, method)(path)
        if answer.streaming:
            b"".join(answer)  # read to its end, a download closes its file
        transaction.set_rollback(True)
    return answer


def lets_in(answer) -> bool:
    """Not "no such thing" and not "sign in first"; a refusal with a sentence counts as let in."""
    assert answer.status_code < 500
    to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer["Location"]
    return answer.status_code not in (403, 404, 429) and not to_sign_in


def test_addresses_that_change_something_refuse_get(world, browsers):
    """B65: following a link changes nothing."""
    for name, page in PAGES.items():
        for role in page.may.split() if page.method == "post" else []:
            assert browsers[role].get(page.path(name, world)).status_code == 405, (name, role)


INSIDE = [
    name
    for name, page in PAGES.items()
    if page.arguments[:1] == ("slug",) and {*page.arguments[1:]} - WORDS
]


def test_addresses_under_a_foreign_event_do_not_exist(world, browsers, other_event):
    """A thing of one event is not found under the address of another, even for its owner."""
    world.slug = other_event.slug
    for name in {*INSIDE} - {"events:join"}:
        page = PAGES[name]
        assert let_in(browsers, page.method, page.path(name, world)) == set(), name


PUBLISHED = {
    "awards:results": EVERYBODY,
    "awards:results_json": EVERYBODY,
    "awards:comments": f"{TEAM} rival",
    "awards:certificate": TEAM,
    "ballots:discussion": f"judge {RUNNING}",
    "entries:detail": EVERYBODY,
    "entries:picture": EVERYBODY,
    "entries:watch": EVERYBODY,
    "entries:vote": SIGNED_IN,
    "awards:ranking": RUNNING,
    "ballots:sheet": "judge",
    "datasets:detail": READERS,
    "datasets:download": TEAM,
    "reports:detail": READERS,
    "reports:panel": READERS,
}


def test_addresses_after_the_reveal_open_the_submission_but_not_its_data(
    world, browsers, event, organizer
):
    """Public then: winners and projects, and visitors vote where the event says so. Still private:
    data, reports, marks, the ranking."""
    awards.propose_from_ranking(organizer, event)
    awards.publish(organizer, event, confirmed=True)
    set_gallery(organizer, event, opens_at=None, votes=True, votes_published=False)
    passed = {
        name: let_in(browsers, PAGES[name].method, PAGES[name].path(name, world))
        for name in PUBLISHED
    }
    assert passed == {name: {*may.split()} for name, may in PUBLISHED.items()}
