"""Only so many passwords are computed at a time; the rest is asked to come again."""

import fcntl

import pytest
from django.urls import reverse

from accounts import hashing
from accounts.models import User

LIMITED = ["accounts.hashing.LimitedPBKDF2"]


@pytest.fixture
def limited(settings, tmp_path, monkeypatch):
    settings.VAR, settings.PODIUM_HASHES, settings.PASSWORD_HASHERS = tmp_path, 2, LIMITED
    monkeypatch.setattr(hashing.LimitedPBKDF2, "iterations", 10)
    monkeypatch.setattr(hashing, "WAIT", 0.05)
    return tmp_path / "hashing"


def take(folder, *numbers) -> list:
    folder.mkdir(exist_ok=True)
    files = [(folder / str(number)).open("a") for number in numbers]
    for file in files:
        fcntl.flock(file, fcntl.LOCK_EX)
    return files


def test_sign_in_while_all_places_are_taken_is_asked_to_come_again(limited, db, sign_in):
    User.objects.create_user("ada@example.org", "correct horse")
    held = take(limited, 0, 1)
    told = {"login": "ada@example.org", "password": "correct horse"}
    browser = sign_in(None)
    answer = browser.post(reverse("account_login"), told)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert "Try again in a few seconds" in answer.content.decode()
    for file in held:
        file.close()
    assert browser.post(reverse("account_login"), told).status_code == 302


def test_one_free_place_is_enough(limited, db):
    held = take(limited, 0)
    assert User.objects.create_user("ada@example.org", "horse").check_password("horse")
    held[0].close()


def test_hashes_of_before_are_still_right(limited, db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = User.objects.create_user("ada@example.org", "correct horse")
    settings.PASSWORD_HASHERS = LIMITED
    assert user.check_password("correct horse")
