"""Who judges what by which questions: criteria, conflicts of interest, assignments."""

from judging.panel.models.assignment import Assignment, AssignmentQuerySet, Spot
from judging.panel.models.conflict import Conflict, ConflictQuerySet
from judging.panel.models.criterion import Criterion, CriterionQuerySet
from judging.panel.models.example import Example, ExampleScore
from judging.panel.models.expertise import Expertise
from judging.panel.models.panel import Panel, invited_to_judge, judges_of, mentors_among, panel_of

__all__ = [
    "Assignment",
    "AssignmentQuerySet",
    "Conflict",
    "ConflictQuerySet",
    "Criterion",
    "CriterionQuerySet",
    "Example",
    "ExampleScore",
    "Expertise",
    "Panel",
    "Spot",
    "invited_to_judge",
    "judges_of",
    "mentors_among",
    "panel_of",
]
