"""No page tells what its reader may not know (reliability, section 4, rule 10).

Two events, in each two teams, and every text and mark in them is a word that occurs nowhere else: a
canary. Each role opens every address that can be asked for, of both events, and every link found
there, as a page and, where the answer depends on it, as a fragment. A canary in a body or a header
that the role may not see fails.
"""

import itertools
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from django.urls import NoReverseMatch, reverse
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from anomaly.datasets import store
from anomaly.datasets.models import Dataset, DatasetQuerySet
from anomaly.jobs import actions as jobs
from anomaly.jobs import artefacts, leases
from anomaly.jobs.leases import Trouble
from anomaly.jobs.models import Worker
from events import actions as events
from events.models import Event, Role
from judging.awards.models import Award
from judging.ballots import actions as ballots
from judging.ballots import desk_work
from judging.ballots.models import Flag, Score
from judging.panel import actions as panel
from judging.panel import conflicts
from judging.panel.models import Criterion
from notices import webhooks
from notices.actions import record
from submissions.entries import actions as entries
from submissions.entries.models import Submission
from tests.anomaly.conftest import (
    small_table,
    understood,  # noqa: F401 - a fixture
    with_content,
)
from tests.conftest import make_event, make_user
from tests.programme import canaries as programme
from tests.test_permissions import ACCOUNT, PAGES

WORD = re.compile(r"zq[0-9]{3}qz", re.IGNORECASE)
MARK = re.compile(r"(?<![\w.-])31[0-9]{3}(?![\w-])")
LINK = re.compile(r'(?:href|hx-get|data-url|src)="(/[^"]*)"')


@dataclass
class World:
    """The canaries with who may see each, and what there is to ask for in either event."""

    may: dict[str, set[str]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    people: dict[str, User | None] = field(default_factory=dict)
    things: dict[str, dict[str, list[object]]] = field(default_factory=dict)

    def word(self, about: str, *may: str) -> str:
        return self._sing(f"zq{len(self.may):03}qz", about, may)

    def mark(self, about: str, *may: str) -> int:
        return int(self._sing(f"{31000 + len(self.may)}", about, may))

    def _sing(self, canary: str, about: str, may: tuple[str, ...]) -> str:
        self.may[canary], self.about[canary] = set(may), about
        return canary

    def leaks(self, role: str, seen: set[str]) -> list[str]:
        return sorted(self.about[canary] for canary in seen if role not in self.may[canary])


@pytest.fixture
def world(db, artefact, understood) -> World:  # noqa: F811
    made = World(people={"anonymous": None, "stranger": make_user("stranger")})
    for slug in ("summer", "winter"):
        fill(made, slug, artefact, understood)
    return made


def fill(world: World, slug: str, artefact, understood) -> None:  # noqa: F811
    """One event: two teams, a judge for each, a private draft, and the places already decided."""
    event = make_event(slug)
    runner, judges = f"{slug} organizer", [f"{slug} judge 1", f"{slug} judge 2"]
    organizer = person(world, runner)
    events.grant_role(None, event, to=organizer, kind=Role.Kind.OWNER)
    for judge in judges:
        user = person(world, judge, runner)
        events.grant_role(None, event, to=user, kind=Role.Kind.JUDGE)
    panel.set_up(organizer, event, discussion=True, pairs=True)
    criteria = [make_criterion(world, event, n, runner, *judges) for n in (1, 2)]
    things = world.things[slug] = {name: [] for name in ("submission", "dataset", "job", "report")}
    things |= {
        "slug": [slug],
        "kind": ["csv", "parquet"],
        "code": [],
        "waiting": [],
        "entry_type": ["project"],
        "section": ["basics", "admission", "features", "look", "conduct", "safety"],
        "part_kind": ["phases", "tracks", "pages", "questions"],
        "event_part": [event.phases.first().pk],
        "printed": ["badges", "certificates"],
        "statistic": ["day", "country", "track", "state"],
        "registration": [],
        "reader": ["judge", "public"],
        "number": [1],
    }
    things["criterion"] = [criterion.pk for criterion in criteria]
    for number, judge in enumerate(judges, start=1):
        author = f"{slug} author {number}"
        hand_in(world, event, author, judge, runner, number, artefact, understood)
    invite_and_ask(world, event, runner)
    programme.sing(world, event, runner, judges, person)


def invite_and_ask(world: World, event: Event, runner: str) -> None:
    """A code for many, and a question that everybody answered."""
    note, code = (world.word(f"{event.slug} invitation: {it}", runner) for it in ("note", "code"))
    event.invitations.create(note=note, code=code, uses=9)
    address = f"https://example.org/{world.word(f'{event.slug} webhook', runner)}"
    webhooks.add_webhook(world.people[runner], event, address=address)
    question = event.questions.create(slug="diet", label="Diet")
    for registration in event.registrations.select_related("user"):
        role = next(name for name, user in world.people.items() if user == registration.user)
        answer = world.word(f"answer of {role}", role, runner)
        registration.answers.create(question=question, value=answer)
        registration.ticket = world.word(f"ticket of {role}", role, runner)
        registration.save()
        world.things[event.slug]["registration"].append(registration.pk)


def person(world: World, role: str, *may: str) -> User:
    """Name and affiliation are seen by whom `may` lists, the address by nobody else."""
    user = make_user(role.replace(" ", "-"))
    user.name = world.word(f"name of {role}", role, *may)
    user.affiliation = world.word(f"affiliation of {role}", role, *may)
    runner = [one for one in may if "author" in role]  # who runs an event can write to its people
    user.email = f"{world.word(f'address of {role}', role, *runner)}@example.org"
    user.save()
    user.emailaddress_set.update(email=user.email)
    world.people[role] = user
    return user


def make_criterion(world: World, event: Event, number: int, *may: str) -> Criterion:
    question = world.word(f"{event.slug} question {number}", *may)
    return event.criteria.create(name=f"C{number}", question=question, position=number)


def hand_in(world, event, author, judge, runner, number, artefact, understood):  # noqa: F811
    """A team with a final submission that is scored, judged and awarded, and with a draft."""
    user, readers, slug = person(world, author, runner), (author, judge, runner), event.slug
    events.register(user, event)
    team = events.create_team(user, event, name=world.word(f"{author}: team", *readers))
    team.invite_code = world.word(f"{author}: invitation", author)
    team.save()
    final = write(world, author, event, "tools", *readers)
    entries.submit(user, final)
    final.refresh_from_db()
    draft = write(world, author, event, "web", author)
    add_data(world, author, final, artefact, understood, *readers)
    add_data(world, author, draft, None, understood, author)
    score(world, final, judge, runner, author)
    reason = world.word(f"{author}: reason of the award", runner)
    award = {"event": event, "track": final.track, "place": number, "submission": final}
    Award.objects.create(**award, entry_type=final.entry_type, reason=reason)
    record(user, "tried", final, words=world.word(f"{author}: audit", runner))
    things = world.things[slug]
    things["submission"] += [final.pk, draft.pk]
    things["code"] = ["nobodys-code"]


def write(world: World, author: str, event: Event, track: str, *may: str) -> Submission:
    content = {name: world.word(f"{author}: {name} in {track}", *may) for name in Submission.NEEDED}
    for name in Submission.LINKS:
        word = world.word(f"{author}: {name} in {track}", *may)
        content[name] = f"https://{word}.example.org"
    user = world.people[author]
    return entries.create_draft(user, event, track=event.tracks.get(slug=track), **content)


def add_data(world, author, submission, folder, profile, *may):
    """A data set with a report, or where there is no `folder` for one, with a failed job."""
    user, about = world.people[author], f"{author}: data of {submission.track}"
    words = {name: world.word(f"{about}: column {name}", *may) for name in ("x", "y")}
    columns = [c | {"name": words[c["name"]]} for c in profile["profile"]["columns"]]
    sample = [[world.word(f"{about}: a value", *may), "1"]]
    told = {"profile": profile["profile"] | {"columns": columns, "sample": sample}}
    stored = store.keep([small_table().encode()], limit=10_000)
    name = f"{world.word(f'{about}: file', *may)}.csv"
    dataset = with_content(user, submission, name, stored, told)
    trouble = "" if folder else world.word(f"{about}: trouble", *may)
    job = run_job(user, dataset, folder, words, trouble)
    operators = [f"{submission.event.slug} organizer"] if folder else []  # nobody reads a draft's
    trace = world.word(f"{about}: trace for operators", *operators)
    job.events.filter(kind=job.state).update(detail=trace)
    things = world.things[submission.event.slug]
    things["dataset"].append(dataset.pk)
    things["job"].append(job.pk)
    things["report"].append(job.pk)


def run_job(user: User, dataset: Dataset, folder, words: dict[str, str], trouble: str):
    job = jobs.start(user, dataset)
    worker = Worker.objects.create(name=f"worker of {job.pk}")
    claimed = leases.claim(worker)
    assert claimed == job
    if folder is None:
        leases.fail(claimed, Trouble("error", trouble, permanent=True))
    else:
        place, manifest = artefacts.publish(rewritten(folder, claimed, words), claimed)
        leases.succeed(claimed, artefact=place, manifest=manifest)
    job.refresh_from_db()
    return job


def rewritten(folder, job, words: dict[str, str]):
    """The result of the real run, with this data set's own column names in the summary."""
    out = artefacts.workplace(job) / "out"
    shutil.copytree(folder, out)
    summary = (out / "summary.json").read_text()
    for name, word in words.items():
        summary = re.sub(rf'"{name}"(?! *:)', f'"{word}"', summary)
    (out / "summary.json").write_text(summary)
    return out


def score(world: World, final: Submission, judge: str, runner: str, author: str) -> None:
    reader, organizer = world.people[judge], world.people[runner]
    assignment = panel.assign(organizer, final, judge=reader)
    ballot = ballots.submit(
        reader,
        assignment,
        scores={criterion.pk: 4 for criterion in final.event.criteria.all()},
        comment=world.word(f"{judge}: comment to the authors", judge, runner),
        note=world.word(f"{judge}: private note", judge),
        to_organizers=world.word(f"{judge}: comment to the organizers", judge, runner),
    )
    for mark in Score.objects.filter(ballot=ballot):  # marks that can be told from other numbers
        mark.value = world.mark(f"{judge}: mark", judge, runner)
        mark.save()
    desk_work.flag(
        reader,
        assignment,
        kind=Flag.Kind.OFFENSIVE,
        words=world.word(f"{judge}: words of a flag", runner),
    )
    desk_work.remark(reader, final, text=world.word(f"{judge}: remark", judge, runner))
    other = world.people[next(j for j in world.people if j.startswith(judge[:-1]) and j != judge)]
    reason = world.word(f"{judge}: reason of a conflict", runner, judge)
    conflicts.declare_conflict(organizer, final, judge=other, reason=reason)


def addresses(world: World) -> list[str]:
    """Every registered address that can be asked for, with the things of either event."""
    paths = []
    for name, page in PAGES.items():
        if page.method != "get":
            continue  # refuses to be read, as tests/test_permissions.py shows
        for things in world.things.values():
            lists = [things.get(argument, []) for argument in page.arguments]
            paths += [reverse(name, args=chosen) for chosen in itertools.product(*lists)]
    for name in ACCOUNT:
        try:
            paths.append(reverse(name))
        except NoReverseMatch:
            continue  # an address with a secret of its own
    return paths


def crawl(browser, paths: list[str], known: Iterable[str] = (), **headers: str):
    """What was seen at each address: those given, and those linked from them and not yet known."""
    seen, waiting = {}, list(dict.fromkeys(paths))
    while waiting:
        path = waiting.pop()
        answer = browser.get(path, headers=headers)
        assert answer.status_code < 500, path
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = f"{answer.headers} {answer.cookies} {body.decode(errors='replace')}"
        seen[path] = {word.lower() for word in WORD.findall(text)} | {*MARK.findall(text)}
        links = {link.partition("#")[0] for link in LINK.findall(text)} - {*known, *seen, *waiting}
        waiting += [link for link in links if not link.startswith("/static/")]
    return seen


ROLES = [
    "anonymous",
    "stranger",
    "summer author 1",
    "summer author 2",
    "summer judge 1",
    "summer judge 2",
    "winter author 1",
    "winter organizer",
    "summer organizer",
]


@pytest.fixture
def twofold(monkeypatch) -> set[str]:
    """The addresses whose answers depend on whether htmx asks: those that looked at it."""
    looked: set[str] = set()
    read = HtmxDetails._get_header_value

    def noted(self: HtmxDetails, name: str) -> str | None:
        looked.add(self.request.get_full_path())
        return read(self, name)

    monkeypatch.setattr(HtmxDetails, "_get_header_value", noted)
    return looked


def test_no_role_sees_a_canary_that_is_not_its_own(world, sign_in, caplog, twofold):
    caplog.set_level("ERROR", "django.request")  # thousands of addresses answer 404, as they should
    told, leaks = {role: set() for role in ROLES}, []
    paths = addresses(world)
    for role in ROLES:
        browser = sign_in(world.people[role])
        twofold.clear()
        pages = crawl(browser, paths)
        fragments = crawl(browser, sorted(twofold), **{"HX-Request": "true"}, known=pages)
        for path, seen in [*pages.items(), *fragments.items()]:
            seen &= world.may.keys()
            told[role] |= seen
            leaks += [f"{role} sees {leak} at {path}" for leak in world.leaks(role, seen)]
    assert not leaks, "\n".join(sorted(set(leaks)))
    assert not unseen(world, told), "the crawl is blind"
    assert reverse("events:people", args=["summer"]) in fragments, "no fragment was asked for"


def unseen(world: World, told: dict[str, set[str]]) -> list[str]:
    """What of the authors' nobody was shown, though some may see it."""
    shown = [canary for canary in world.may if world.about[canary].startswith("summer author")]
    blind = [c for c in shown if not any(c in told[role] for role in world.may[c] & {*ROLES})]
    return [world.about[c] for c in blind if "operators" not in world.about[c]]


def test_crawl_notices_a_queryset_that_shows_everything(world, sign_in, monkeypatch):
    """Negative control: with the rule for data sets switched off, the rival's are seen."""
    monkeypatch.setattr(DatasetQuerySet, "visible_to", lambda self, user: self)
    path = reverse("datasets:detail", args=["winter", world.things["winter"]["dataset"][0]])
    seen = crawl(sign_in(world.people["summer author 1"]), [path])[path] & world.may.keys()
    assert "winter author 1: data of Tools: column x" in world.leaks("summer author 1", seen)
