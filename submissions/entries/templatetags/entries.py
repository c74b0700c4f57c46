from django import template

from submissions.entries.models import Submission
from submissions.entries.reading import Reading, for_judge

register = template.Library()


@register.simple_tag
def judge_reading(submission: Submission, blind: object = False) -> Reading:
    """The version that counts as judges read it; `blind` where a panel reads blind whatever the
    type says."""
    return for_judge(submission, blind=bool(blind))
