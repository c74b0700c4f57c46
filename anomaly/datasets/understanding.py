"""What a reading found, as the fields of its data set's row, with what a person said before."""

from collections.abc import Mapping
from typing import Any

from anomaly.datasets.inspection import Understood
from anomaly.datasets.models import Dataset


def fields_of(understood: Understood, last: Dataset | None) -> dict[str, Any]:
    """`last` is the version whose roles and kinds are kept, where they still can be."""
    profile = understood.get("profile", {})
    return {
        "state": Dataset.State.READY if profile else Dataset.State.REJECTED,
        "code": understood.get("code", ""),
        "problem": understood.get("sentence", ""),
        "profile": profile,
        "roles": _first_roles(profile, last.roles if last else {}),
        "kinds": _kept_kinds(profile, last.kinds if last else {}),
    }


def _first_roles(profile: Understood, said: Mapping[str, str]) -> dict[str, str]:
    """The guessed roles; what a person said of the version before is kept, if it still can be."""
    guessed = {column["name"]: column["role"] for column in profile.get("columns", [])}
    before = {n: role for n, role in said.items() if n in guessed}
    if Dataset.Role.LABEL in before.values():  # then a new column is not guessed to be one
        other = {Dataset.Role.LABEL.value: Dataset.Role.IGNORE.value}
        guessed = {name: other.get(role, role) for name, role in guessed.items()}
    roles = guessed | before
    return roles if Dataset.Role.FEATURE in roles.values() else guessed


def _kept_kinds(profile: Understood, said: Mapping[str, str]) -> dict[str, str]:
    possible = {c["name"]: c.get("could_be", []) for c in profile.get("columns", [])}
    return {name: kind for name, kind in said.items() if kind in possible.get(name, [])}
