from pathlib import Path

from tests.permissions import ROLES, page
from tests.test_permissions import PAGES

WRITTEN = Path(__file__).parents[2] / "docs" / "permissions.md"


def test_page_about_permissions_is_current():
    """After a new address: python -m tests.permissions > docs/permissions.md"""
    assert WRITTEN.read_text() == page()


def test_every_role_of_the_table_is_on_the_page():
    asked = {role for declared in PAGES.values() for role in declared.may.split()}
    assert asked <= ROLES.keys()
