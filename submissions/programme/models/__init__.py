"""The conference as a place. One file for each topic."""

from submissions.programme.models.feedback import Feedback, Recap, voice_of
from submissions.programme.models.hall import Board, Card, Poster, Presence, Remark, Vote
from submissions.programme.models.people import Availability, Calendar, Contributor, Presenter, Star
from submissions.programme.models.questions import Answer, Question, QuestionVote
from submissions.programme.models.schedule import Day, Programme, Room, Session, Slot, Version
from submissions.programme.models.uploads import Document

__all__ = [
    "Answer",
    "Availability",
    "Board",
    "Calendar",
    "Card",
    "Contributor",
    "Day",
    "Document",
    "Feedback",
    "Poster",
    "Presence",
    "Presenter",
    "Programme",
    "Question",
    "QuestionVote",
    "Recap",
    "Remark",
    "Room",
    "Session",
    "Slot",
    "Star",
    "Version",
    "Vote",
    "voice_of",
]
