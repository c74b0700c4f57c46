"""The organizers' table of submissions: what to show, in which order, with which columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from events.models import Event
from submissions.entries.models import Decision, Label, Submission, SubmissionQuerySet
from submissions.entries.searching import search

Cell = Callable[[Submission], Any]


@dataclass(frozen=True)
class Column:
    label: Any
    cell: Cell
    order: str = ""


def _labels(one: Submission) -> str:
    return ", ".join(label.name for label in one.labels.all())


def _drafted(one: Submission) -> str:
    drafted = getattr(one, "draft_decision", None)
    return str(drafted.get_decision_display()) if drafted else ""


def _affiliations(one: Submission) -> str:
    people = one.authors.all()
    return "; ".join(dict.fromkeys(person.affiliation for person in people if person.affiliation))


def _late(one: Submission) -> str:
    """How long after the deadline the last version came, if it did."""
    versions = one.versions.all()
    return str(versions[0].late_by or "").partition(".")[0] if versions else ""


COLUMNS: Final[dict[str, Column]] = {
    "type": Column(_("Type"), lambda one: one.entry_type.name, "entry_type__position"),
    "track": Column(
        _("Category"), lambda one: ", ".join(map(str, one.categories)), "track__position"
    ),
    "by": Column(_("By"), lambda one: one.byline),
    "affiliations": Column(_("Affiliations"), _affiliations),
    "standing": Column(_("Stands"), lambda one: one.standing, "decision"),
    "drafted": Column(_("Draft decision"), _drafted, "draft_decision__decision"),
    "labels": Column(_("Labels"), _labels),
    "notes": Column(_("Notes"), lambda one: getattr(one, "note_count", "") or "", "note_count"),
    "submitted": Column(_("Handed in"), lambda one: one.submitted_at, "submitted_at"),
    "late": Column(_("Late by"), _late),
    "licence": Column(_("Licence"), lambda one: one.licence, "licence"),
    "publish": Column(_("May be published"), lambda one: "✓" if one.publish else "", "publish"),
    "repository": Column(_("Repository"), lambda one: one.repository_url, "repository_url"),
}
USUAL: Final = ("type", "track", "by", "standing", "drafted", "labels", "submitted")
ORDERS: Final = {"title": "title"} | {n: c.order for n, c in COLUMNS.items() if c.order}


Choice: TypeAlias = "forms.ModelChoiceField[Any]"  # takes its parameter only under the stubs


class TableForm(forms.Form):
    """What the address asks for; whatever it asks wrongly is left out."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    type: Choice = forms.ModelChoiceField(
        None, label=_("Type"), required=False, to_field_name="slug"
    )
    track: Choice = forms.ModelChoiceField(
        None, label=_("Category"), required=False, to_field_name="slug"
    )
    standing = forms.ChoiceField(
        label=_("Stands"),
        required=False,
        choices=[("", "—"), *Decision.choices, ("withdrawn", _("Withdrawn"))],
    )
    drafted = forms.ChoiceField(
        label=_("Draft decision"),
        required=False,
        choices=[
            ("", "—"),
            ("any", _("any")),
            ("none", _("none yet")),
            *[c for c in Decision.choices if c[0] in ("accepted", "waitlisted", "rejected")],
        ],
    )
    label: Choice = forms.ModelChoiceField(
        None, label=_("Label"), required=False, to_field_name="name"
    )
    order = forms.CharField(required=False, widget=forms.HiddenInput)
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        required=False,
        choices=[(name, column.label) for name, column in COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, event: Event) -> None:
        super().__init__(data)
        self.event = event
        for name, choices in {
            "type": event.entry_types.all(),
            "track": event.tracks.all(),
            "label": event.labels.all(),
        }.items():
            self.fields[name].queryset = choices  # type: ignore[attr-defined]
        self.is_valid()

    def asked(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    def columns_shown(self) -> dict[str, Column]:
        return {name: COLUMNS[name] for name in self.asked("columns") or USUAL}

    def order_asked(self) -> str:
        told = self.asked("order") or ""
        return told if told.removeprefix("-") in ORDERS else "title"


def rows(form: TableForm) -> SubmissionQuerySet:
    """The submissions of the event that the form asks for, in its order; drafts are private."""
    found = Submission.objects.filter(event=form.event).exclude(state=Submission.State.DRAFT)
    if form.asked("type"):
        found = found.filter(entry_type=form.asked("type"))
    if form.asked("track"):
        found = found.in_tracks([form.asked("track")])
    if form.asked("label"):
        found = found.filter(labels=form.asked("label"))
    found = _standing(found, form.asked("standing") or "")
    found = _drafts(found, form.asked("drafted") or "")
    found = search(found, form.asked("q") or "", people=True)
    return _ordered(found, form.order_asked())


def _standing(found: SubmissionQuerySet, standing: str) -> SubmissionQuerySet:
    if not standing:
        return found
    if standing == Submission.State.WITHDRAWN:
        return found.filter(state=Submission.State.WITHDRAWN)
    return found.submitted().filter(decision=standing)


def _drafts(found: SubmissionQuerySet, drafted: str) -> SubmissionQuerySet:
    if drafted in ("any", "none"):
        return found.filter(draft_decision__isnull=drafted == "none")
    return found.filter(draft_decision__decision=drafted) if drafted else found


def _ordered(found: SubmissionQuerySet, order: str) -> SubmissionQuerySet:
    name = order.removeprefix("-")
    if name == "notes":
        found = found.annotate(note_count=Count("notes"))
    sign = "-" if order.startswith("-") else ""
    return found.order_by(f"{sign}{ORDERS[name]}", "title", "pk")


def page_of(form: TableForm, number: str | None, *, size: int) -> Page[Submission]:
    """One page of the table. Keys alone are sorted; the rest is fetched for what is shown."""
    page: Page[Any] = Paginator(rows(form).values_list("pk", flat=True), size).get_page(number)
    keys = list(page.object_list)
    fetched = furnished(Submission.objects.filter(pk__in=keys)).in_bulk()
    page.object_list = [fetched[key] for key in keys if key in fetched]
    return page


def furnished(found: SubmissionQuerySet) -> QuerySet[Submission]:
    """With all that a row may show, in the same few queries for any number of rows."""
    return (
        found.select_related("event", "entry_type", "track", "team", "draft_decision")
        .prefetch_related(
            "authors", "versions", "more_tracks", Prefetch("labels", Label.objects.all())
        )
        .annotate(note_count=Count("notes", distinct=True))
    )
