"""An application for test_spreadsheet: /whole is a table, /broken one that breaks off."""

from collections.abc import Iterator

import django
from django.conf import settings

from theme import spreadsheet

settings.configure()
django.setup()


def rows(break_off: bool) -> Iterator[list[int]]:
    for number in range(1000):
        if break_off and number == 700:
            raise RuntimeError("the database is gone")
        yield [number]


def application(environ, start_response):
    answer = spreadsheet.download("n.csv", ["n"], rows(environ["PATH_INFO"] == "/broken"))
    start_response("200 OK", list(answer.items()))
    return answer
