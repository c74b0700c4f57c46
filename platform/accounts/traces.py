"""Where a person stands in the database, whatever the room: rows that refer to the account, and
texts that mention its words. So a room that forgets to say what it keeps is found all the same.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

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
SHORTEST = 3  # a shorter name is a word of the language, too


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
    known = sorted({word for word in words if len(word) >= SHORTEST}, key=len, reverse=True)
    for model in _models():
        _anonymize(model, user)
        if known and model is not User:
            _take_out(model, known, f"{FORMER.lower()} {user.pk}")


def _anonymize(model: type[models.Model], user: User) -> None:
    """Rows that stand for the person under a name (an author, a speaker)."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    if model is User or "user" not in fields or fields["user"].related_model is not User:
        return
    values = {name: FORMER if name == "name" else "" for name in PERSONAL if name in fields}
    if values:
        model._base_manager.filter(user=user).update(**values)


def _take_out(model: type[models.Model], words: list[str], instead: str) -> None:
    fields = [field for field in model._meta.concrete_fields if _is_text(field)]
    rows = model._base_manager.annotate(
        **{f"_{f.name}_text": Cast(f.name, models.TextField()) for f in fields}
    )
    mentions = _any(
        Q(**{f"_{f.name}_text__icontains": form})
        for f in fields
        for word in words
        for form in _forms(word)
    )
    if not mentions:
        return
    found = rows.filter(mentions)
    if hasattr(model, "erase_mentions"):  # a table that lets nothing else be changed
        model.erase_mentions(found.values_list("pk", flat=True))
        return
    for row in found:
        changed = {f.name: _without(getattr(row, f.name), words, instead, f) for f in fields}
        model._base_manager.filter(pk=row.pk).update(**changed)


def _without(
    value: Any, words: list[str], instead: str, field: "models.Field[Any, Any] | None" = None
) -> Any:
    if isinstance(value, dict):
        return {key: _without(part, words, instead) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, words, instead) for part in value]
    if not isinstance(value, str):
        return value
    for word in words:
        value = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", instead, value, flags=re.IGNORECASE)
    longest = getattr(field, "max_length", None)
    return value[:longest] if longest else value


def _forms(word: str) -> set[str]:
    """As it stands, and as JSON writes it in a database without a type for it."""
    return {word, word.encode("unicode_escape").decode()}


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
