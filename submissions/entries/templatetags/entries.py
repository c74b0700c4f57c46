from urllib.parse import urlencode

from django import template
from django.urls import reverse

from submissions.entries.links import ticket
from submissions.entries.models import Submission
from submissions.entries.reading import Reading, for_judge

register = template.Library()


@register.simple_tag
def judge_reading(submission: Submission) -> Reading:
    """The version that counts as judges read it."""
    return for_judge(submission)


@register.filter
def outside(address: str) -> str:
    """The page that says where a foreign address leads, and leads there."""
    return f"{reverse('entries:leave')}?{urlencode({'to': ticket(address)})}"
