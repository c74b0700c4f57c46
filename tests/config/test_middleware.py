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
