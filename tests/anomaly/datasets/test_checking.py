"""Large tables are read while nobody waits; whoever reads may die, and every reading ends."""

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from django.urls import reverse

from anomaly.datasets import actions, checking, inspection, uploading
from anomaly.datasets.models import Dataset
from anomaly.jobs import actions as jobs
from anomaly.jobs.invariants import broken
from notices.models import AuditEntry
from tests.anomaly.conftest import small_table, table_file
from theme.refusal import Refused


@pytest.fixture
def large(settings) -> None:
    """Every table is too large to be read at once."""
    settings.PODIUM_READ_BYTES = 0


@pytest.fixture
def waiting(author, draft, large) -> Dataset:
    return actions.upload(author, draft, file=table_file())


def test_large_table_is_kept_at_once_and_read_by_whoever_looks(author, waiting, sign_in):
    assert (waiting.state, waiting.problem, waiting.profile) == ("checking", "", {})
    page = sign_in(author).get(waiting.get_absolute_url()).content.decode()
    assert "Waiting for its turn to be read" in page
    assert 'hx-trigger="every 2s"' in page
    with pytest.raises(Refused, match="wait a moment"):
        jobs.start(author, waiting)
    call_command("sweep", "--once")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.profile["rows"]) == ("ready", 60)
    assert "Score this data set" in sign_in(author).get(waiting.get_absolute_url()).content.decode()
    assert not checking.read_next()
    assert broken() == []


def test_table_under_way_is_taken_once_and_sent_again_is_the_same(author, draft, waiting, sign_in):
    assert checking.take().pk == waiting.pk
    assert checking.take() is None
    assert actions.upload(author, draft, file=table_file()) == waiting
    assert "Being read" in sign_in(author).get(waiting.get_absolute_url()).content.decode()


def test_reading_says_how_far_it_is_with_and_without_script(author, waiting, sign_in):
    taken, seen = checking.take(), []
    for so_far in (("parsing", 0, 0), ("typing", 3, 6), ("profiling", 6, 6)):
        checking.mine(taken).update(so_far=so_far)
        seen.append(sign_in(author).get(waiting.get_absolute_url()).content.decode())
    assert ["Reading the rows" in seen[0], 'value="10"' in seen[0]] == [True, True]
    assert "Finding out what the columns hold: 3 of 6" in seen[1]
    assert ['value="60"' in seen[1], 'value="100"' in seen[2]] == [True, True]
    checking.attempt(taken)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.so_far, waiting.how_far) == ("ready", [], None)


def test_news_of_a_child_are_passed_on_and_anything_else_is_not():
    heard = []
    for line in (b'{"reading": ["typing", 1, 2]}', b'{"reading": ["<b>", 1, 2]}', b"{", b"[]"):
        inspection._pass_on(line, lambda *told: heard.append(told))
    assert heard == [("typing", 1, 2)]


def lose_the_reader() -> None:
    Dataset.objects.update(checked_until=Now() - checking.SLACK)


def test_reader_that_dies_is_followed_by_another_and_its_late_word_does_not_count(
    waiting, understood
):
    slow = checking.take()
    lose_the_reader()
    next_one = checking.take()
    assert next_one.checks == 2
    late = checking.conclude(slow, {"code": "table.x", "sentence": "It says something else."})
    assert late.state == "checking"
    assert checking.conclude(next_one, understood).state == "ready"
    assert checking.conclude(slow, {"code": "table.x", "sentence": "No."}).state == "ready"
    assert AuditEntry.objects.filter(verb="read", thing_id=str(waiting.pk)).count() == 1


def test_table_that_ends_its_readers_is_rejected_after_three(waiting):
    for _ in range(checking.TRIES):
        assert checking.take()
        lose_the_reader()
    assert checking.read_next()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.code) == ("rejected", "table.crashed")


def test_small_table_that_takes_long_goes_on_without_its_sender(author, draft, settings):
    settings.PODIUM_READ_SECONDS = 0.01
    dataset = actions.upload(author, draft, file=table_file())
    assert (dataset.state, dataset.checks) == ("checking", 0)
    assert checking.read_next()
    dataset.refresh_from_db()
    assert dataset.state == "ready"


def test_bad_table_found_out_later_is_told_with_its_sentence(author, draft, large, sign_in):
    upload = uploading.begin(author, draft, name="t.csv", size=8)
    uploading.append(author, upload, offset=0, chunks=[b"a,b\n1,2,"])
    address = reverse("datasets:finish", args=["summer", upload.pk])
    told = sign_in(author).post(address).json()
    dataset = Dataset.objects.get()
    assert told == {"url": dataset.get_absolute_url(), "error": "", "code": ""}
    assert checking.read_next()
    page = sign_in(author).get(dataset.get_absolute_url()).content.decode()
    assert "Line 2 of t.csv has 3 cells" in page


def test_rejected_table_sent_again_is_read_again_as_the_same_version(author, draft, settings):
    settings.PODIUM_READERS = 1
    text = small_table() + "1,2,3\n"
    first = actions.upload(author, draft, file=table_file(text=text))
    assert first.state == "rejected"
    assert actions.upload(author, draft, file=table_file(text=text)) == first
    assert AuditEntry.objects.filter(verb="read", thing_id=str(first.pk)).count() == 2


def test_large_table_is_read_again_as_told_and_a_reading_that_fails_changes_nothing(
    author, dataset, large, sign_in
):
    browser = sign_in(author)
    address = reverse("datasets:reading", args=["summer", dataset.pk])
    browser.post(address, {"reading-encoding": "utf-16-le"})
    page = browser.get(dataset.get_absolute_url()).content.decode()
    assert "Being read again, as you said" in page or "Waiting for its turn" in page
    assert "Score this data set" not in page
    assert browser.post(address, {"reading-header": "no"}).status_code == 422, "one at a time"
    assert checking.read_next()
    page = browser.get(dataset.get_absolute_url()).content.decode()
    assert "so nothing was changed" in page
    assert "Score this data set" in page
    browser.post(address, {"reading-header": "no"})
    assert checking.read_next()
    dataset.refresh_from_db()
    assert (dataset.state, dataset.answer, dataset.told) == ("ready", "", {"header": "no"})
    assert dataset.profile["rows"] == 61


def test_time_for_a_table_grows_with_it_and_ends():
    assert inspection.seconds_for(10) == 60
    assert inspection.seconds_for(256 * 2**20) == 120
    assert inspection.seconds_for(10**12) == inspection.MOST_SECONDS
