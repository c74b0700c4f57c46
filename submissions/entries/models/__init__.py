"""What people hand in: the entry types of an event, the submission, its authors, immutable
versions, who was given it to read, and what was decided."""

from submissions.entries.links import web_address
from submissions.entries.models.attachment import Attachment
from submissions.entries.models.decision import TRANSITIONS, Decision, DraftDecision
from submissions.entries.models.entry_type import EntryType, Question
from submissions.entries.models.gallery import Gallery, Tool, Vote
from submissions.entries.models.organizing import Label, Note, SavedFilter
from submissions.entries.models.people import Author, Reader
from submissions.entries.models.submission import FurtherTrack, Submission, SubmissionQuerySet
from submissions.entries.models.version import Reopening, SubmissionVersion, WorkingCopy

__all__ = [
    "TRANSITIONS",
    "Attachment",
    "Author",
    "Decision",
    "DraftDecision",
    "EntryType",
    "FurtherTrack",
    "Gallery",
    "Label",
    "Note",
    "Question",
    "Reader",
    "Reopening",
    "SavedFilter",
    "Submission",
    "SubmissionQuerySet",
    "SubmissionVersion",
    "Tool",
    "Vote",
    "WorkingCopy",
    "web_address",
]
