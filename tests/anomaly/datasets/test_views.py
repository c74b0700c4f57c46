import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anomaly.datasets import actions, exchange
from anomaly.datasets.models import DataLimits, Dataset
from events.models import Phase
from submissions.entries import actions as entries
from tests.anomaly.conftest import small_table, table_file
from tests.conftest import close_phase
from theme.refusal import Refused


def send(browser, submission, content=None, name="sensors.csv"):
    content = small_table().encode() if content is None else content
    address = reverse("datasets:upload", args=["summer", submission.pk])
    return browser.post(address, {"file": SimpleUploadedFile(name, content)})


def test_upload_by_a_plain_form_leads_to_what_was_understood(sign_in, author, draft):
    browser = sign_in(author)
    answer = send(browser, draft)
    dataset = Dataset.objects.get()
    assert answer.headers["Location"] == dataset.get_absolute_url()
    page = browser.get(dataset.get_absolute_url()).content.decode()
    assert "Score this data set" in page
    assert '<option value="feature" selected' in page


def test_limits_are_said_before_the_upload(sign_in, author, draft):
    address = reverse("datasets:upload", args=["summer", draft.pk])
    DataLimits.objects.create(event=draft.event, file_mib=20, columns=1234, datasets=7)
    page = sign_in(author).get(address).content.decode()
    assert "20.0\N{NO-BREAK SPACE}MB at most" in page
    assert "<dd>1,234</dd>" in page
    assert "7, all versions counted" in page


def test_bad_file_is_told_beside_its_field(sign_in, author, draft):
    answer = send(sign_in(author), draft, b"a,b\n1,2,3\n")
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == [Dataset.objects.get().problem]


def test_empty_file_is_told_beside_its_field(sign_in, author, draft):
    answer = send(sign_in(author), draft, b"")
    assert answer.context["form"].errors["file"] == ["This file is empty; choose another one."]
    assert not Dataset.objects.exists()


def test_too_large_a_file_stops_while_it_streams(sign_in, author, draft, settings):
    settings.PODIUM_UPLOAD_BYTES = 200_000
    answer = send(sign_in(author), draft, b"x" * 5_000_000)
    assert answer.status_code == 422
    assert "larger than 195.3" in str(answer.context["form"].errors["file"])
    assert answer.wsgi_request.upload_handlers[0].taken <= 200_000 + 2**16
    assert not Dataset.objects.exists()


def test_upload_without_a_token_is_refused(author, draft):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(author)
    assert send(browser, draft).status_code == 403
    assert not Dataset.objects.exists()


def test_upload_after_the_deadline_says_so(sign_in, author, draft, event):
    close_phase(event, Phase.Kind.SUBMISSION)
    answer = send(sign_in(author), draft)
    assert "Submissions are closed" in answer.content.decode()
    assert not Dataset.objects.exists()


def test_download_is_an_attachment_of_bytes(sign_in, author, dataset):
    answer = sign_in(author).get(reverse("datasets:download", args=["summer", dataset.pk]))
    assert b"".join(answer.streaming_content) == small_table().encode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sensors.csv"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


PAGES = ("download", "detail")
MAY = {  # (draft, handed in) for the bytes; for the preview
    "author": ((200, 200), (200, 200)),
    "rival": ((404, 404), (404, 404)),
    "stranger": ((404, 404), (404, 404)),
    "organizer": ((404, 404), (404, 200)),
    "judge": ((404, 404), (404, 404)),  # not given this one to read
    "reader": ((404, 404), (404, 200)),
}


@pytest.mark.parametrize("person", MAY)
def test_who_may_see_bytes_and_preview(person, request, sign_in, author, draft, dataset, judge):
    if person == "reader":
        entries.give_to_read(None, draft, to=judge)
    browser = sign_in(judge if person == "reader" else request.getfixturevalue(person))
    pages = [
        reverse(f"datasets:{page}", args=["summer", dataset.pk]) for page in ("download", "detail")
    ]

    def answers():
        found = [browser.get(page) for page in pages]
        for answer in found:
            list(answer)  # reads a file to its end, which closes it
        return [answer.status_code for answer in found]

    before = answers()
    entries.submit(author, draft)
    assert [before, answers()] == [list(pair) for pair in zip(*MAY[person], strict=True)]


@pytest.mark.parametrize("page", ["detail", "download"])
def test_signed_out_visitor_is_asked_to_sign_in(sign_in, dataset, page):
    answer = sign_in(None).get(reverse(f"datasets:{page}", args=["summer", dataset.pk]))
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_address_under_another_event_is_unknown(sign_in, author, dataset, other_event):
    answer = sign_in(author).get(reverse("datasets:detail", args=["winter", dataset.pk]))
    assert answer.status_code == 404


def test_reader_sees_roles_but_no_form(sign_in, dataset, submission, organizer):
    page = sign_in(organizer).get(dataset.get_absolute_url()).content.decode()
    assert "First rows" in page
    assert "<select" not in page


def test_roles_are_saved_from_the_page(sign_in, author, dataset):
    sign_in(author).post(dataset.get_absolute_url(), {"role_0": "label", "role_1": "feature"})
    dataset.refresh_from_db()
    assert dataset.roles == {"x": "label", "y": "feature"}


def test_impossible_roles_are_told_and_still_chosen_in_the_form(sign_in, author, dataset):
    answer = sign_in(author).post(
        dataset.get_absolute_url(), {"role_0": "label", "role_1": "label"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Only one column can be the label." in page
    assert page.count('<option value="label" selected') == 2


def test_panel_without_data_says_so(sign_in, organizer, submission):
    address = reverse("datasets:panel", args=["summer", submission.pk])
    browser = sign_in(organizer)
    assert "No data set" in browser.get(address).content.decode()
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_kinds_are_saved_from_the_page_and_kept_for_the_next_version(sign_in, author, draft):
    dataset = actions.upload(author, draft, file=table_file(label=True))
    sent = {f"role_{i}": "feature" for i in range(3)} | {"kind_2": "categorical"}
    sign_in(author).post(dataset.get_absolute_url(), sent)
    dataset.refresh_from_db()
    assert dataset.kinds == {"odd": "categorical"}
    assert dataset.columns[2]["kind"] == "categorical"
    newer = actions.upload(author, draft, file=table_file(label=True, seed=1))
    assert (newer.number, newer.kinds) == (2, {"odd": "categorical"})


def test_impossible_kind_is_told(sign_in, author, dataset):
    sent = {"role_0": "feature", "role_1": "feature", "kind_0": "datetime"}
    answer = sign_in(author).post(dataset.get_absolute_url(), sent)
    assert answer.status_code == 422
    dataset.refresh_from_db()
    assert dataset.kinds == {}


def test_file_is_read_again_as_the_team_says_and_the_version_stays(sign_in, author, draft):
    text = "a;b|c\n" + "".join(f"{i};{i}|{i * i % 7}\n" for i in range(30))
    dataset = actions.upload(author, draft, file=table_file("t.csv", text=text))
    address = reverse("datasets:reading", args=["summer", dataset.pk])
    sign_in(author).post(address, {"reading-delimiter": "|"})
    again = Dataset.objects.get()
    assert [column["name"] for column in again.columns] == ["a;b", "c"]
    assert (again.pk, again.number, again.told) == (dataset.pk, 1, {"delimiter": "|"})
    answer = sign_in(author).post(address, {"reading-encoding": "utf-16-le"})
    assert answer.status_code == 422
    assert "t.csv" in str(answer.context["reading"].non_field_errors())
    again.refresh_from_db()
    assert again.told == {"delimiter": "|"}, "a reading that fails changes nothing"


def test_rejected_file_becomes_usable_when_it_is_read_as_it_is(sign_in, author, draft):
    text = 'a,b\n5" pipe,1\n' + "".join(f"{i},{i}\n" for i in range(30))
    dataset = actions.upload(author, draft, file=table_file("t.csv", text=text))
    assert dataset.code == "table.quotes"
    address = reverse("datasets:reading", args=["summer", dataset.pk])
    sign_in(author).post(address, {"reading-quote": "none"})
    dataset.refresh_from_db()
    assert (dataset.state, dataset.problem) == ("ready", "")


def test_organizer_sets_the_limits_and_uploads_mind_them(sign_in, organizer, author, draft):
    address = reverse("datasets:limits", args=["summer"])
    page = sign_in(organizer).get(address)
    sent = page.context["form"].initial | {"rows": 20, "columns": 2}
    assert sign_in(organizer).post(address, sent).status_code == 302
    assert send(sign_in(author), draft).status_code == 422
    assert Dataset.objects.get().problem == "sensors.csv has 60 rows; 20 are allowed."
    assert sign_in(organizer).post(address, sent | {"rows": 0}).status_code == 422
    assert sign_in(author).post(address, sent).status_code == 404


def test_limits_are_part_of_an_event_that_is_written_down(organizer, event):
    actions.set_limits(organizer, event, limits={"rows": 1000})
    assert exchange.dump(event) == {"rows": 1000}
    exchange.load(organizer, event, {"columns": 7})
    assert exchange.dump(event) == {"columns": 7}
    with pytest.raises(Refused, match="data_limits: rows"):
        exchange.load(organizer, event, {"rows": "many"})
    with pytest.raises(Refused, match="the names are"):
        exchange.load(organizer, event, {"lines": 3})
