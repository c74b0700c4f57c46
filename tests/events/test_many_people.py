"""100,000 registrations feel small: few queries, one page at a time, search by an index (L8)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from events import people
from events.models import Registration
from tests.conftest import make_user

MANY = 100_000
MOST_QUERIES = 30


@pytest.fixture
def crowded(event, organizer):
    """Made by the database itself, in seconds."""
    if connection.vendor != "postgresql":
        pytest.skip("the rows are made by PostgreSQL")
    question = event.questions.create(slug="country", label="Country", kind="country")
    like = make_user("pattern")
    multiply(like, email="'person' || n || '@example.org'", name="'Person ' || md5(n::text)")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO events_registration
            (event_id, user_id, state, reason, ticket, created_at)
            SELECT %s, id, 'confirmed', '', 'ticket' || id, now() - id %% 60 * interval '1 day'
            FROM accounts_user WHERE email LIKE 'person%%'""",
            [event.pk],
        )
        cursor.execute(
            """INSERT INTO events_answer (registration_id, question_id, value, file)
            SELECT id, %s, to_jsonb((ARRAY['NO', 'KE', 'IN', 'BR'])[1 + id %% 4]), ''
            FROM events_registration WHERE id %% 50 = 0""",
            [question.pk],
        )
        cursor.execute("ANALYZE")
    return event


def multiply(like: User, **different: str) -> None:
    """Rows as that of `like`, but for some columns, given as SQL over n."""
    columns = [field.column for field in User._meta.concrete_fields if field.column != "id"]
    values = [different.get(column, f'"{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_user ({names}) SELECT {', '.join(values)}"
            " FROM accounts_user, generate_series(1, %s) AS n WHERE id = %s",
            [MANY, like.pk],
        )


PAGES = [
    ("events:console", {}),
    ("events:people", {}),
    ("events:people", {"state": "confirmed", "before": "50000"}),
    ("events:people", {"q": "person77"}),
    ("events:people", {"role": "judge"}),
    ("events:statistics", {}),
    ("events:door", {"q": "person999"}),
    ("events:teams", {}),
    ("events:roles", {}),
    ("events:invitations", {}),
]


def test_organizers_pages_ask_little_of_the_database(crowded, organizer, sign_in):
    browser, asked = sign_in(organizer), {}
    for name, query in PAGES:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = browser.get(reverse(name, args=[crowded.slug]), query)
        assert answer.status_code == 200
        assert answer.content.count(b"<tr>") <= people.PAGE + 10 or "statistics" in name
        asked[f"{name} {query}"] = len(queries)
    assert {name: n for name, n in asked.items() if n >= MOST_QUERIES} == {}


def test_search_is_right_and_reads_an_index_and_not_everybody(crowded):
    """Beginnings of words in any order, on any server: no extension is needed. What no word begins
    with is found all the same."""
    for words in ("77777 PERSON", "person77777", "person77777@example", "rson77777@exam"):
        found = people.find(crowded, people.Wanted(words=words))
        assert "person77777@example.org" in [one.user.email for one in found], words
    wanted = people.find(crowded, people.Wanted(words="person77777"))
    assert [one.user.email for one in wanted] == ["person77777@example.org"]
    for nonsense in ("'':* | &", "!!", "\\", "person77777 nobody"):
        assert not people.find(crowded, people.Wanted(words=nonsense)).exists()
    with CaptureQueriesContext(connection) as queries:
        people.find(crowded, people.Wanted(words="person77777"))
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        assert "accounts_user_words" in str(cursor.fetchall())


def test_search_finds_the_inside_of_a_word_whoever_is_elsewhere(event, author, organizer):
    """A name that begins with it, of somebody who is not in this event, hides nobody who is."""
    make_user("anna")
    author.name = "Joanna"
    author.save()
    found = people.find(event, people.Wanted(words="anna"))
    assert [one.user for one in found] == [author]


def test_export_asks_for_many_at_a_time(event, monkeypatch):
    """Two queries for so many people, and the answers in the questions' order."""
    monkeypatch.setattr(people, "AT_ONCE", 20)
    drink, country = (
        event.questions.create(slug=slug, label=slug, kind=kind)
        for slug, kind in (("drink", "text"), ("country", "country"))
    )
    users = User.objects.bulk_create(User(email=f"p{n}@example.org", name="P") for n in range(60))
    for user in users:
        one = Registration.objects.create(event=event, user=user)
        one.answers.create(question=country, value="KE")
        one.answers.create(question=drink, value="tea")
    with CaptureQueriesContext(connection) as queries:
        rows = list(people.rows(event, people.Wanted()))
    assert [row[7:] for row in rows] == [["tea", "Kenya"]] * 60
    assert [row[1] for row in rows] == [user.email for user in reversed(users)]
    assert len(queries) <= 5  # questions, people, and answers three times


def test_every_page_is_reached_by_key_and_nobody_is_left_out(event, organizer):
    users = [User(email=f"p{n}@example.org", name=f"P{n}") for n in range(120)]
    made = User.objects.bulk_create(users)
    Registration.objects.bulk_create(Registration(event=event, user=user) for user in made)
    seen, before = [], None
    while True:
        rows, before = people.page(event, people.Wanted(before=before))
        seen += [one.user_id for one in rows]
        if before is None:
            break
    assert seen == [user.pk for user in reversed(made)]
