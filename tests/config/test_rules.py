"""Rule 3 of the permissions (reliability, section 4): a page fetches only what its reader may see.

Read in the source: no view takes everything of a table, and none takes a thing by its key alone.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VIEWS = sorted(
    file
    for room in ("platform", "submissions", "anomaly", "judging")
    for file in (ROOT / room).rglob("*.py")
    if "views" in file.name or file.parent.name == "views"
)
# With the reason why nobody sees more by it.
ALLOWED = {
    "entries/views/files.py": "Attachment",  # fetched as visible to the reader a line before
    "jobs/console.py": "Event",
    "events/views/coming.py": "Event",  # a personal link opens a draft, too
}


def taken_by_key(source: str) -> list[str]:
    """What a view fetches without saying of which event, person or thing; or all of a table."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called.endswith(".objects.all"):
            found.append(called)
        if called == "get_object_or_404" and node.args and isinstance(node.args[0], ast.Name):
            by = {keyword.arg or "" for keyword in node.keywords} - {"pk", "slug", "id", "kind"}
            if node.args[0].id[0].isupper() and not by:
                found.append(node.args[0].id)
    return found


@pytest.mark.parametrize("file", VIEWS, ids=lambda file: str(file.relative_to(ROOT)))
def test_view_takes_nothing_by_its_key_alone(file):
    allowed = next((name for end, name in ALLOWED.items() if str(file).endswith(end)), None)
    assert [name for name in taken_by_key(file.read_text()) if name != allowed] == []


def test_what_is_looked_for_is_found():
    assert taken_by_key("get_object_or_404(Team, pk=1)\nTeam.objects.all()") == [
        "Team",
        "Team.objects.all",
    ]
    assert taken_by_key("get_object_or_404(Team, event=e, pk=1)") == []
