"""The permission matrix as a page for people, from the same table that the tests walk:

python -m tests.permissions > docs/permissions.md
"""

import os

ROLES = {
    "anonymous": "Anonymous",
    "stranger": "Account only",
    "administrator": "Site administrator",
    "foreigner": "Owner of another event",
    "author": "Team",
    "rival": "Other team",
    "judge": "Judge of it",
    "bystander": "Other judge",
    "lead": "Category lead",
    "mentor": "Mentor",
    "speaker": "Speaker",
    "door": "Check-in",
    "coorganizer": "Organizer",
    "organizer": "Owner",
}
INTRODUCTION = """# Who may do what

Made by `python -m tests.permissions > docs/permissions.md` from the table that
`tests/test_permissions.py` walks cell by cell: every address of the site, asked by every role. An
address that is not in the table fails the tests. An empty cell is 404, the same as for what does
not exist, or for somebody without an account the page to sign in. "Team" handed in the submission
that the addresses are about, and "Judge of it" was given it to read. A site administrator is nobody
in an event and looks in the administration only. What an address answers may
be a refusal with a sentence ("registration is closed"); what stands on a page is held by
`tests/test_canary.py`.
"""


def page() -> str:
    from django.urls import get_resolver

    from tests.test_permissions import PAGES

    routes = {name: route for name, route in _routes(get_resolver().url_patterns)}
    rooms: dict[str, list[str]] = {}
    for name, declared in sorted(PAGES.items(), key=lambda item: routes.get(item[0], "")):
        may = declared.may.split()
        cells = " | ".join("●" if role in may else "" for role in ROLES)
        verb = "read" if declared.method == "get" else "change"
        row = f"| `/{routes.get(name, '')}` | {verb} | {cells} |"
        rooms.setdefault(name.partition(":")[0], []).append(row)
    head = (
        f"| Address | Verb | {' | '.join(ROLES.values())} |\n| --- | --- |{' :-: |' * len(ROLES)}"
    )
    tables = [f"## {room}\n\n{head}\n" + "\n".join(rows) for room, rows in sorted(rooms.items())]
    return "\n\n".join([INTRODUCTION.rstrip(), *tables]) + "\n"


def _routes(patterns, before: str = "", space: str = ""):
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern.url_patterns, here, inner)
        else:
            yield f"{space}{pattern.name}", here


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(page(), end="")  # noqa: T201
