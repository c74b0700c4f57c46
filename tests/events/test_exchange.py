import pytest
import yaml
from django.core.management import CommandError, call_command

from events import exchange
from events.models import Event, Question
from tests.conftest import make_user
from theme.refusal import Refused

WHOLE = """\
slug: spring
name: Spring hackathon
kind: conference
state: published
summary: Two days of talks.
description: |
  Come early.

  Bring a *laptop*.
place: Oslo
timezone: Europe/Oslo
team_size: 4
admission: application
capacity: 200
offer_lasts: P2DT00H00M00S
answers_until: 2030-05-01 12:00:00+02:00
colour: '#1250a8'
on_colour: '#ffffff'
switched:
  teams: true
tracks:
- slug: tools
  name: Tools
  description: For makers.
  capacity: 20
- slug: web
  name: Web
phases:
  registration:
  - 2030-01-01 00:00:00+01:00
  - 2030-03-31 03:30:00+02:00
  submission:
    opens: 2030-01-01 00:00:00+01:00
    closes: 2030-06-01 00:00:00+02:00
    name: Call for talks
    grace: P0DT01H00M00S
pages:
- slug: travel
  title: Travel
  text: By train.
conduct: |
  Be kind.
questions:
- slug: diet
  label: What do you eat?
  kind: choice
  options:
  - everything
  - other
- slug: diet-other
  label: What exactly?
  required: some
  depends_value: other
  required_track: web
  depends_on: diet
"""


@pytest.fixture
def owner(db):
    return make_user("owner")


def test_export_of_an_imported_file_is_the_same_file(owner):
    """Exact: not only the facts but the text, so that a second export makes no change in git."""
    event = exchange.import_event(owner, yaml.safe_load(WHOLE))
    assert exchange.to_yaml(event) == WHOLE


def test_export_imports_as_the_same_event(owner):
    first = exchange.export_event(exchange.import_event(owner, yaml.safe_load(WHOLE)))
    again = exchange.import_event(owner, first | {"slug": "again"})
    assert exchange.export_event(again) == first | {"slug": "again"}
    question = Question.objects.get(event=again, slug="diet-other")
    assert question.depends_on.event == question.required_track.event == again  # I9


def test_a_room_writes_and_reads_its_part(owner, monkeypatch):
    monkeypatch.setattr(exchange, "_parts", {})
    read = []
    exchange.register(
        "rooms",
        dump=lambda event: ["Hall A"],
        load=lambda actor, event, data: read.append((actor, event.slug, data)),
    )
    event = exchange.import_event(owner, yaml.safe_load(WHOLE) | {"rooms": ["Hall B"]})
    assert read == [(owner, "spring", ["Hall B"])]
    assert exchange.export_event(event)["rooms"] == ["Hall A"]


def test_a_part_that_is_refused_leaves_no_event(owner, monkeypatch):
    def refuse(actor, event, data):
        raise Refused("rooms: Hall C has no seats.")

    monkeypatch.setattr(exchange, "_parts", {})
    exchange.register("rooms", dump=lambda event: None, load=refuse)
    with pytest.raises(Refused, match="Hall C"):
        exchange.import_event(owner, yaml.safe_load(WHOLE) | {"rooms": ["Hall C"]})
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("place: Oslo", "results_at: 2030-01-01 00:00:00+00:00"), "“results_at” is not known"),
        (("2030-05-01 12:00:00+02:00", "2030-05-01"), "answers_until: write a time with a zone"),
        (("required_track: web", "required_track: nowhere"), "question 2: track: “nowhere”"),
        (("depends_on: diet", "depends_on: later"), "question 2: depends_on: “later”"),
        (("capacity: 20\n", "capacity: -1\n"), "track 1: capacity"),
        (("'#1250a8'", "red"), "event: colour: Write a colour"),
    ],
)
def test_import_of_a_wrong_part_says_where(owner, change, sentence):
    with pytest.raises(Refused, match=sentence):
        exchange.import_event(owner, yaml.safe_load(WHOLE.replace(*change, 1)))


def test_export_command_writes_the_file(owner, capsys):
    exchange.import_event(owner, yaml.safe_load(WHOLE))
    call_command("export_event", "spring")
    assert capsys.readouterr().out == WHOLE
    with pytest.raises(CommandError, match="no event"):
        call_command("export_event", "autumn")
