"""From nothing to a hackathon that is open for registration, counted as docs/events.md counts."""

import re
from datetime import date, timedelta
from pathlib import Path

from django.urls import reverse

from events.models import Event
from events.rules import can_register

DOCS = Path(__file__).parents[2] / "docs" / "events.md"


def counted_in_the_docs() -> tuple[int, int]:
    """Page loads and fields, summed over the rows of the table."""
    rows = re.findall(r"^\| .+ \| (\d+) \| (\d+) \|$", DOCS.read_text(), re.MULTILINE)
    return sum(int(loads) for loads, _f in rows), sum(int(fields) for _l, fields in rows)


class Newcomer:
    """Counts what she sees and fills in; a redirect is part of the page it leads to."""

    def __init__(self, browser) -> None:
        self.browser, self.loads, self.fields = browser, 0, 0

    def open(self, path: str):
        self.loads += 1
        return self._seen(self.browser.get(path, follow=True))

    def send(self, path: str, told: dict[str, str], *, shown: dict[str, object] | None = None):
        """`shown` stands in the form already."""
        self.loads += 1
        self.fields += len(told)
        return self._seen(self.browser.post(path, (shown or {}) | told, follow=True))

    def _seen(self, answer):
        assert answer.status_code == 200
        return answer


def test_newcomer_opens_a_hackathon_in_as_many_pages_and_fields_as_the_docs_say(stranger, sign_in):
    newcomer, first = Newcomer(sign_in(stranger)), date.today() + timedelta(days=30)
    newcomer.open(reverse("events:create"))
    told = {"kind": "hackathon", "name": "My first", "first": first.isoformat()}
    told |= {"last": (first + timedelta(days=2)).isoformat(), "timezone": "Europe/Oslo"}
    console = newcomer.send(reverse("events:create"), told)
    event = Event.objects.get()
    settings = reverse("events:settings", args=[event.slug, "basics"])
    assert settings in console.content.decode()  # one click away
    form = newcomer.open(settings).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    told = {"summary": "Three days of models.", "description": "Bring a laptop."}
    newcomer.send(settings, told, shown=shown)
    newcomer.open(reverse("events:console", args=[event.slug]))
    newcomer.browser.post(reverse("events:state", args=[event.slug]), {"state": "published"})
    newcomer.loads += 1  # the console again
    event.refresh_from_db()
    assert can_register(stranger, event)
    assert event.summary == "Three days of models."
    assert (newcomer.loads, newcomer.fields) == counted_in_the_docs()
