from types import SimpleNamespace

import pytest

from tests.programme.pages import PAGES, furnish


@pytest.fixture
def world(event, author, rival, organizer, judge):
    people = {
        "author": author,
        "rival": rival,
        "organizer": organizer,
        "judge": judge,
        "bystander": judge,
    }
    made = SimpleNamespace(event=event, slug=event.slug, people=people)
    furnish(made)
    return made


@pytest.mark.parametrize("who", ["organizer", "author", "rival"])
def test_every_page_opens(world, sign_in, who):
    browser = sign_in(world.people[who])
    for name, page in PAGES.items():
        if page.method == "get" and who in page.may:
            for headers in ({}, {"HX-Request": "true"}):
                answer = browser.get(page.path(name, world), headers=headers)
                assert answer.status_code == 200 or (
                    name.endswith("walk_step") and answer.status_code == 204
                ), name
        elif who in page.may and "bring_in" not in name:
            answer = browser.post(page.path(name, world))
            assert answer.status_code in (200, 204, 302, 409, 422, 403), (name, answer.status_code)
