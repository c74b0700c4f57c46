"""Where a person stands in the database, whatever the room: rows that refer to the account, and
texts that mention its words. So a room that forgets to say what it keeps is found all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from accounts import mentions
from accounts.mentions import Mention
from accounts.models import User

SECRET = (
    "password",
    "data",
    "secret",
    "token",
    "code",
    "key",
    "session_key",
    "invite_code",
    "digest",
)
PERSONAL = ("name", "affiliation", "email", "biography")  # of a row that stands for a person
FORMER = "Former participant"


def rows_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """All rows that refer to the person, by kind of thing, without secrets."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in _models():
        links = [field for field in _links(model) if not isinstance(field, models.ManyToManyField)]
        names = [field.attname for field in model._meta.concrete_fields if field.name not in SECRET]
        condition = _any(Q(**{field.name: user}) for field in links)
        if condition and (rows := list(model._base_manager.filter(condition).values(*names))):
            found[model._meta.label_lower] = rows
    return found


def forget(user: User, words: Iterable[str]) -> None:
    """Empties what rows say of the person, and takes the words out of every text of every table."""
    known = mentions.of(words)
    for model in _models():
        _anonymize(model, user)
        if known and model is not User:
            _take_out(model, user, known)


def _anonymize(model: type[models.Model], user: User) -> None:
    """Rows that stand for the person under a name (an author, a speaker)."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    if model is User or "user" not in fields or fields["user"].related_model is not User:
        return
    values = {name: FORMER if name == "name" else "" for name in PERSONAL if name in fields}
    if values:
        model._base_manager.filter(user=user).update(**values)


def _take_out(model: type[models.Model], user: User, known: Sequence[Mention]) -> None:
    fields = [field for field in model._meta.concrete_fields if _is_text(field)]
    links = _links(model)
    own = _any(Q(**{link.name: user}) for link in links) or Q(pk__in=[])
    rows = model._base_manager.annotate(
        **{f"_{f.name}_text": Cast(f.name, models.TextField()) for f in fields}
    )
    worth = _any(word.may_stand_in(f"_{f.name}_text", own) for f in fields for word in known)
    found: dict[Any, dict[str, Any]] = {}
    for row in rows.filter(worth) if worth else ():
        is_own = any(getattr(row, link.attname) == user.pk for link in links)
        found[row.pk] = _changed(row, fields, known, f"{FORMER.lower()} {user.pk}", is_own)
    _write(model, {key: values for key, values in found.items() if values})


def _write(model: type[models.Model], changed: dict[Any, dict[str, Any]]) -> None:
    if hasattr(model, "erase_mentions"):  # a table that lets nothing else be changed
        model.erase_mentions(changed)
        return
    for key, values in changed.items():
        model._base_manager.filter(pk=key).update(**values)


def _changed(
    row: models.Model, fields: list[Any], known: Sequence[Mention], instead: str, own: bool
) -> dict[str, Any]:
    """What differs without the words, by field."""
    changed = {}
    for field in fields:
        before = getattr(row, field.name)
        after = _without(before, known, instead, own)
        if after != before:
            longest = getattr(field, "max_length", None)
            changed[field.name] = after[:longest] if longest else after
    return changed


def _without(value: Any, known: Sequence[Mention], instead: str, own: bool) -> Any:
    if isinstance(value, dict):
        return {key: _without(part, known, instead, own) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, known, instead, own) for part in value]
    if isinstance(value, str):
        for mention in known:
            value = mention.without(value, instead, own=own)
    return value


def _models() -> Iterator[type[models.Model]]:
    """Tables with rows of their own; sessions say nothing that can be read."""
    for model in apps.get_models(include_auto_created=True):
        if (
            model._meta.managed
            and not model._meta.proxy
            and model._meta.label != "sessions.Session"
        ):
            yield model


def _links(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.related_model is User]


def _is_text(field: "models.Field[Any, Any]") -> bool:
    text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return text and not field.choices and not field.primary_key


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole
