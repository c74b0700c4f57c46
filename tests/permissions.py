"""The permission matrix as a page for people, from the same tables that the tests walk:

python -m tests.permissions > docs/permissions.md
"""

import os

from tests.matrix import MATRIX

ROLES = {
    "anonymous": "Anonymous",
    "stranger": "Account only",
    "administrator": "Site administrator",
    "foreigner": "Owner of another event",
    "rival": "Participant, other team",
    "member": "Team member",
    "author": "Team lead",
    "speaker": "Speaker",
    "judge": "Judge of it",
    "bystander": "Other judge",
    "lead": "Category lead",
    "mentor": "Mentor",
    "door": "Check-in",
    "coorganizer": "Organizer",
    "organizer": "Owner",
}
INTRODUCTION = """# Who may do what

Role x resource x verb. Made by `python -m tests.permissions > docs/permissions.md` from the tables
that `tests/test_permissions.py` walks cell by cell: every address of the site, asked by every role,
once while the event runs and, where that changes the answer, again after its results are published.
An address that is in no table fails the tests, and so does one that answers other roles than the
rest of its cell.

● may, in a running event. ○ may only after the results are published. ◐ may only before. An empty
cell is 404, the same as for what does not exist, or the page to sign in for somebody without an
account. What an address answers may be a refusal with a sentence ("registration is closed"); what
stands on a page, and in which words, is held by `tests/test_canary.py`.

The submission in question is of the team of "Team member" and "Team lead", "Judge of it" was given
it to read, and "Team lead" speaks at the event and has a poster, too. Each column is an account
with that role alone; who has several may what any of them may, but for conflicts of interest, which
take away. A site administrator is nobody in an event.
"""
ADMINISTRATION = """## Site administrators

Below `admin/`, site administrators read and change nothing, but that they close accounts and open
them again. Everybody else gets 404. The site's own tables are always theirs to read: {site}. All
{private} tables of events are empty for them. With a reason, written into the event's history and
mailed to its owners, they read the rows of one event for {minutes} minutes (condition i of the
matrix; `config.looking`). Passwords, codes, tickets, keys, tokens and private notes are shown to
nobody. They cannot act as somebody else.
"""


def page() -> str:
    from django.urls import get_resolver

    routes = dict(_routes(get_resolver().url_patterns))
    head = f"| Verb | {' | '.join(ROLES.values())} | Addresses |"
    rule = f"| --- |{' :-: |' * len(ROLES)} --- |"
    tables = [
        "\n".join([f"## {resource}", "", head, rule, *_rows(verbs, routes)])
        for resource, verbs in MATRIX.items()
    ]
    return "\n\n".join([INTRODUCTION.rstrip(), *tables, _administration()]) + "\n"


def _rows(verbs: dict[str, str], routes: dict[str, str]) -> list[str]:
    rows = []
    for verb, names in verbs.items():
        cells = " | ".join(_cell(role, names.split()) for role in ROLES)
        addresses = ", ".join(f"`/{routes[name]}`" for name in names.split())
        rows.append(f"| {verb} | {cells} | {addresses} |")
    return rows


def _cell(role: str, names: list[str]) -> str:
    """One sign, since all addresses of a cell answer the same roles."""
    from tests.test_permissions import PAGES, PUBLISHED

    now = role in PAGES[names[0]].may.split()
    later = role in PUBLISHED.get(names[0], PAGES[names[0]].may).split()
    return {(True, True): "●", (False, True): "○", (True, False): "◐", (False, False): ""}[
        now, later
    ]


def _administration() -> str:
    from config.administration import site
    from config.looking import SITE, needs_reason
    from events.actions.looking import FOR

    return ADMINISTRATION.format(
        site=", ".join(sorted(f"`{name}`" for name in SITE)),
        private=sum(needs_reason(model) for model in site._registry),
        minutes=FOR.seconds // 60,
    ).rstrip()


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
