import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from anomaly.datasets import store
from anomaly.jobs import actions, artefacts, leases, sweeping
from anomaly.jobs.invariants import broken
from anomaly.jobs.models import ScoringJob, Worker
from notices.models import Mail
from tests.conftest import make_event


@pytest.fixture
def job(author, dataset) -> ScoringJob:
    return actions.start(author, dataset)


@pytest.fixture
def done(job) -> ScoringJob:
    """Ended well, with small files in place of a real result."""
    held = leases.claim(Worker.objects.create(name="w"))
    out = artefacts.workplace(held) / "out"
    out.mkdir()
    for name in artefacts.FILES:
        (out / name).write_text(name)
    artefact, manifest = artefacts.publish(out, held)
    leases.succeed(held, artefact=artefact, manifest=manifest)
    job.refresh_from_db()
    return job


def aged(path: Path, hours: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    then = time.time() - hours * 3600
    os.utime(path, (then, then))
    return path


def test_sweep_takes_dead_uploads_and_leaves_young_ones(db):
    old = aged(store.root() / "a.part", 1.1)
    young = aged(store.root() / "b.part", 0.9)
    unnamed = aged(store.place("00" * 32), 25)
    unnamed_yet = aged(store.place("11" * 32), 1)
    call_command("sweep")
    assert [path.exists() for path in (old, young, unnamed, unnamed_yet)] == [
        False,
        True,
        False,
        True,
    ]


def test_sweep_leaves_stored_files_and_results(done, dataset, settings):
    aged(dataset.path, 100)
    call_command("sweep", once=True)
    assert dataset.path.exists()
    assert (Path(settings.MEDIA_ROOT) / done.artefact / "summary.json").exists()
    assert broken() == []


def test_sweep_takes_what_lost_attempts_left(done, settings):
    results = Path(settings.MEDIA_ROOT) / "artefacts" / str(done.pk)
    orphan = aged(results / "7" / "summary.json", 0)
    workplace = aged(Path(settings.MEDIA_ROOT) / "tmp" / f"{done.pk}-1" / "order.json", 0)
    call_command("sweep")
    assert not orphan.parent.exists()
    assert not workplace.parent.exists()


def test_sweep_leaves_the_workplace_of_a_running_attempt(job):
    folder = artefacts.workplace(leases.claim(Worker.objects.create(name="w")))
    call_command("sweep")
    assert folder.exists()


def test_sweep_reaps(job):
    leases.claim(Worker.objects.create(name="w"))
    ScoringJob.objects.filter(pk=job.pk).update(lease_until=leases.Now() - leases.lease())
    call_command("sweep")
    job.refresh_from_db()
    assert job.state == "queued"


def test_invariants_hold_for_a_job_of_each_kind(done, capsys):
    call_command("check_invariants")
    assert capsys.readouterr().out == ""


def damage_result(job, settings):
    (Path(settings.MEDIA_ROOT) / job.artefact / "scores.csv").write_text("changed")


def damage_manifest(job, settings):
    (Path(settings.MEDIA_ROOT) / job.artefact / "manifest.json").write_text("{}")


def damage_file(job, settings):
    job.dataset.path.write_bytes(b"x" * job.dataset.size)


def remove_file(job, settings):
    job.dataset.path.unlink()


def forget_ending(job, settings):
    job.events.filter(kind="succeeded").delete()


def wrong_ending(job, settings):
    job.events.filter(kind="succeeded").update(kind="failed")


def other_fence(job, settings):
    ScoringJob.objects.filter(pk=job.pk).update(fence=5)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (damage_result, "I3"),
        (damage_manifest, "I3"),
        (damage_file, "I2"),
        (remove_file, "I2"),
        (forget_ending, "I1"),
        (wrong_ending, "I1"),
        (other_fence, "I3"),
    ],
)
def test_broken_invariant_is_told_and_is_an_error(done, settings, capsys, damage, says):
    damage(done, settings)
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants")
    assert ended.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith(says) for line in lines)


def forget_mail(_submission, author):
    Mail.objects.create(
        recipient=author,
        address=author.email,
        state=Mail.State.SENDING,
        claimed_at=timezone.now() - timedelta(hours=1),
    )


def open_audit(_submission, _author):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP TRIGGER audit_is_append_only ON notices_auditentry")


def mix_events(submission, _author):
    winter = make_event("winter")
    submission.versions.update(track=winter.tracks.first())


@pytest.mark.parametrize(
    ("damage", "says"), [(forget_mail, "I6"), (open_audit, "I8"), (mix_events, "I9")]
)
def test_invariants_of_other_rooms_are_asked_too(submission, author, capsys, damage, says):
    call_command("check_invariants")
    damage(submission, author)
    with pytest.raises(SystemExit):
        call_command("check_invariants")
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(says)


def test_sweep_leaves_a_result_whose_job_ends_while_it_looks(job):
    """Between the question "is it named?" and "is it under way?" the job may succeed."""
    held = leases.claim(Worker.objects.create(name="w"))
    out = artefacts.workplace(held) / "out"
    out.mkdir()
    for name in artefacts.FILES:
        (out / name).write_text(name)
    artefact, manifest = artefacts.publish(out, held)

    def end_after_the_first_question(execute, *asked):
        answer = execute(*asked)
        if held.pk not in ended:
            ended.append(held.pk)
            leases.succeed(held, artefact=artefact, manifest=manifest)
        return answer

    ended = []
    with connection.execute_wrapper(end_after_the_first_question):
        assert list(sweeping.orphan_artefacts()) == []
    assert ended


@pytest.mark.parametrize("name", ["tmp/lost+found", "tmp/.hidden", "artefacts/backup/old"])
def test_sweep_leaves_alone_what_is_not_its_own(db, settings, name):
    folder = Path(settings.MEDIA_ROOT) / name
    folder.mkdir(parents=True)
    call_command("sweep", "--once")
    assert folder.exists()
