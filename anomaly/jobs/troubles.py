"""What went wrong in a child, in words: from how it ended to a sentence for people."""

import signal

from django.conf import settings
from django.utils.translation import gettext as _

from anomaly.jobs import child
from anomaly.jobs.leases import Trouble
from anomaly.jobs.models import ScoringJob

UNSUPPORTED = "unsupported_version"


def explain(job: ScoringJob, ended: int, said: dict[str, str], log: str) -> Trouble:
    """`ended` is the exit status (a signal is negative), `said` the child's last message."""
    if ended == child.BAD_DATA:
        return bad_data(said)
    code, sentence, permanent = _known(job).get(ended) or _unknown(ended)
    return Trouble(code, sentence, permanent, detail=f"exit {ended}\n{log}")


def bad_data(said: dict[str, str]) -> Trouble:
    sentence = said.get("sentence") or _("The table cannot be scored.")
    return Trouble(said.get("code") or "table.unscorable", sentence, permanent=True)


def _known(job: ScoringJob) -> dict[int, tuple[str, str, bool]]:
    profile = job.dataset.profile
    size = _("%(rows)d rows and %(columns)d columns") % {
        "rows": profile.get("rows", 0),
        "columns": len(profile.get("columns", [])),
    }
    memory = _("Scoring %(size)s needs more memory than a worker has; send fewer.") % {"size": size}
    return {
        child.OUTPUT_TOO_LARGE: (
            "output_too_large",
            _("The result is too large to be kept."),
            True,
        ),
        child.STORAGE_FULL: ("storage", _("The storage is full; the result was not kept."), False),
        child.GPU_MEMORY: ("gpu_out_of_memory", memory, False),
        child.MEMORY: ("out_of_memory", memory, False),
        -signal.SIGKILL: (
            "killed",
            _("Scoring was stopped from outside, most likely because memory ran out."),
            False,
        ),
        -signal.SIGXCPU: timeout(),
    }


def _unknown(ended: int) -> tuple[str, str, bool]:
    if ended < 0:
        return "crashed", _("Scoring this table crashed every time it was tried."), False
    return "error", _("Scoring ended with an error that is ours, not yours."), False


def timeout() -> tuple[str, str, bool]:
    sentence = _("Scoring took longer than the %(minutes)d minutes allowed; send a smaller table.")
    return "timeout", sentence % {"minutes": max(1, settings.PODIUM_JOB_SECONDS // 60)}, True


def too_talkative() -> Trouble:
    return Trouble("output_too_large", _("Scoring wrote more than it may."), permanent=True)


def unsupported() -> Trouble:
    return Trouble(
        UNSUPPORTED,
        _("This was asked for under another version of Podium; score the data set again."),
        permanent=True,
    )
