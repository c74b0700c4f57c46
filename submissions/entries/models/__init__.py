"""What people hand in: the entry types of an event, the submission, its authors, immutable
versions, who was given it to read, and what was decided."""

from submissions.entries.models.decision import TRANSITIONS, Decision, DraftDecision
from submissions.entries.models.entry_type import EntryType, Question
from submissions.entries.models.people import Author, Reader
from submissions.entries.models.submission import Submission, SubmissionQuerySet, web_address
from submissions.entries.models.version import Reopening, SubmissionVersion

__all__ = [
    "TRANSITIONS",
    "Author",
    "Decision",
    "DraftDecision",
    "EntryType",
    "Question",
    "Reader",
    "Reopening",
    "Submission",
    "SubmissionQuerySet",
    "SubmissionVersion",
    "web_address",
]
