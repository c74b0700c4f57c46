"""What went wrong in a child, in words: from how it ended to a sentence for people, and to what is
tried differently next time."""

import signal
from dataclasses import replace

from django.utils.translation import gettext as _

from anomaly.jobs import child, orders
from anomaly.jobs.leases import Trouble
from anomaly.jobs.models import ScoringJob

UNSUPPORTED = "unsupported_version"
DEVICE = "device"
TRIES_ON_A_BROKEN_DEVICE = 2  # then the job goes where there is none


def explain(job: ScoringJob, ended: int, said: dict[str, str], log: str) -> Trouble:
    """`ended` is the exit status (a signal is negative), `said` the child's last message."""
    if ended == child.BAD_DATA:
        return bad_data(said)
    known = KNOWN.get(ended)
    trouble = known(job) if known else unknown(ended)
    return replace(trouble, detail=f"exit {ended}\n{log}")


def bad_data(said: dict[str, str]) -> Trouble:
    sentence = said.get("sentence") or _("The table cannot be scored.")
    return Trouble(said.get("code") or "table.unscorable", sentence, permanent=True)


def gpu_memory(job: ScoringJob) -> Trouble:
    """Half as many rows at once, then without the GPU."""
    change = {"queue": ScoringJob.Queue.CPU} if job.halvings else {"halvings": 1}
    return Trouble("gpu_out_of_memory", _memory(job), change=change)


def memory(job: ScoringJob) -> Trouble:
    """Half as many rows at once, then no more."""
    again = not job.halvings
    return Trouble(
        "out_of_memory", _memory(job), permanent=not again, change={"halvings": 1} if again else {}
    )


def _memory(job: ScoringJob) -> str:
    profile = job.dataset.profile
    return _(
        "Scoring %(rows)s rows and %(columns)d columns needs more memory than a worker has; "
        "send fewer."
    ) % {"rows": f"{profile.get('rows', 0):,}", "columns": len(profile.get("columns", []))}


def device(job: ScoringJob) -> Trouble:
    elsewhere = job.setbacks + 1 >= TRIES_ON_A_BROKEN_DEVICE
    return Trouble(
        DEVICE,
        _("The worker's graphics processor failed; the table is scored elsewhere."),
        setback=True,
        change={"queue": ScoringJob.Queue.CPU} if elsewhere else {},
    )


def storage(_job: ScoringJob) -> Trouble:
    sentence = _("The storage is full, so the result could not be kept; it is tried again.")
    return Trouble("storage", sentence, setback=True)


def output_too_large(_job: ScoringJob) -> Trouble:
    return Trouble("output_too_large", _("The result is too large to be kept."), permanent=True)


def killed(_job: ScoringJob) -> Trouble:
    sentence = _("Scoring was stopped from outside, most likely because memory ran out.")
    return Trouble("killed", sentence)


def timeout(job: ScoringJob) -> Trouble:
    sentence = _("Scoring took longer than the %(minutes)d minutes allowed; send a smaller table.")
    minutes = max(1, int(orders.hard_seconds(job) // 60))
    return Trouble("timeout", sentence % {"minutes": minutes}, permanent=True)


KNOWN = {
    child.OUTPUT_TOO_LARGE: output_too_large,
    child.STORAGE_FULL: storage,
    child.GPU_MEMORY: gpu_memory,
    child.DEVICE: device,
    child.MEMORY: memory,
    child.TIME_LIMIT: timeout,
    -signal.SIGKILL: killed,
    -signal.SIGXCPU: timeout,
}


def unknown(ended: int) -> Trouble:
    if ended < 0:
        return Trouble("crashed", _("Scoring this table crashed every time it was tried."))
    return Trouble("error", _("Scoring ended with an error that is ours, not yours."))


def incomplete(detail: str) -> Trouble:
    sentence = _("Scoring ended without leaving a result; that is our fault, not yours.")
    return Trouble("error", sentence, detail=detail)


def too_talkative() -> Trouble:
    return Trouble("output_too_large", _("Scoring wrote more than it may."), permanent=True)


def unsupported() -> Trouble:
    return Trouble(
        UNSUPPORTED,
        _("This was asked for under another version of Podium; score the data set again."),
        permanent=True,
    )
