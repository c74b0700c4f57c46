from django import template

from submissions.entries.models import Submission
from submissions.entries.reading import Reading, for_judge

register = template.Library()


@register.simple_tag
def judge_reading(submission: Submission) -> Reading:
    """The version that counts as judges read it."""
    return for_judge(submission)
