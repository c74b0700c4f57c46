"""Questions asked every few seconds by everybody at once: their SQL is built once a process.

To build the SQL of a guarded QuerySet (who may see what is a subquery for each rule) costs several
times what the database takes to answer it. What is asked stays written as that QuerySet. It is
compiled with a stand-in for each argument, which the argument replaces whenever it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Value = int | str
STAND_IN = -987_654_321  # of a number; no id is below 0


@dataclass(frozen=True)
class _Compiled:
    sql: str
    parameters: list[tuple[str | None, Any]]  # the argument's name, or None and a constant
    converters: list[tuple[int, list[Callable[..., Any]], Any]]


class Prepared:
    """Calls to it take the arguments of ``build``, numbers and texts, by name; the answer are the
    rows of its ``values_list``."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self.compiled: _Compiled | None = None

    def __call__(self, **told: Value) -> list[tuple[Any, ...]]:
        found = self.compiled = self.compiled or self._compile(told)
        values = [constant if name is None else told[name] for name, constant in found.parameters]
        with connection.cursor() as cursor:
            cursor.execute(found.sql, values)
            rows = cursor.fetchall()
        return [_converted(row, found) for row in rows] if found.converters else rows

    def _compile(self, told: dict[str, Value]) -> _Compiled:
        stand_ins = {
            name: STAND_IN - number if isinstance(value, int) else f"\0{name}"
            for number, (name, value) in enumerate(told.items())
        }
        names = {stand_in: name for name, stand_in in stand_ins.items()}
        compiler = self.build(**stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = compiler.get_converters([expression for expression, *_ in compiler.select])
        return _Compiled(
            sql=sql,
            parameters=[(names.get(value), value) if isinstance(value, int | str)
                        else (None, value) for value in parameters],
            converters=[(at, *found) for at, found in columns.items()],
        )  # fmt: skip


def _converted(row: tuple[Any, ...], compiled: _Compiled) -> tuple[Any, ...]:
    """With the types of Django's fields, where the database has others (SQLite)."""
    cells = list(row)
    for at, converters, expression in compiled.converters:
        for convert in converters:
            cells[at] = convert(cells[at], expression, connection)
    return tuple(cells)
