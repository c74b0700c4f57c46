import pytest


@pytest.mark.parametrize(
    "path",
    ["/events/summer/team/join/%00/", "/events/a%00b/", "/?next=%00", "/accounts/login/?x=%00"],
)
def test_nul_in_an_address_is_a_bad_request(event, author, sign_in, path):
    assert sign_in(author).get(path).status_code == 400


def test_nul_in_a_cookie_is_a_bad_request(client, event):
    cookie = 'podium="aaaaaaaaaaaa\\000"'  # what the octal stands for reaches the session's query
    assert client.get("/", headers={"cookie": cookie}).status_code == 400


@pytest.mark.parametrize("page", ["/events/summer/", ""])
def test_fragment_for_who_is_signed_out_is_a_link_and_not_a_page_in_a_page(client, event, page):
    headers = {"HX-Request": "true"}
    if page:
        headers["HX-Current-URL"] = f"http://testserver{page}"
    answer = client.get("/events/summer/submissions/mine/", headers=headers)
    assert answer.status_code == 200
    told = answer.content.decode()
    assert told.startswith("<p><a href=")
    assert ("?next=%2Fevents%2Fsummer%2F" in told) == bool(page)


def test_page_for_who_is_signed_out_leads_to_signing_in(client, event):
    answer = client.get("/events/summer/submissions/mine/")
    assert answer["Location"] == "/accounts/login/?next=/events/summer/submissions/mine/"
