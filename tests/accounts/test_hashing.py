"""Only so many passwords are computed at a time; the rest is asked to come again."""

import fcntl

import pytest
from django.urls import reverse

from accounts import hashing
from accounts.models import User

LIMITED = ["accounts.hashing.LimitedArgon2", "accounts.hashing.LimitedPBKDF2"]


@pytest.fixture
def limited(settings, tmp_path, monkeypatch):
    settings.VAR, settings.PODIUM_HASHES, settings.PASSWORD_HASHERS = tmp_path, 2, LIMITED
    monkeypatch.setattr(hashing.LimitedPBKDF2, "iterations", 10)
    monkeypatch.setattr(hashing.LimitedArgon2, "memory_cost", 8)
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


def test_hash_of_before_is_right_and_made_anew_at_the_next_sign_in(limited, db, settings, sign_in):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = User.objects.create_user("ada@example.org", "correct horse")
    settings.PASSWORD_HASHERS = LIMITED
    assert not user.check_password("wrong horse")
    assert user.password.startswith("pbkdf2")
    assert user.check_password("correct horse")
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=8,t=2,p=1$")


def test_hash_with_other_costs_is_right_and_made_anew(limited, db, monkeypatch):
    user = User.objects.create_user("ada@example.org", "correct horse")
    before = user.password
    assert user.check_password("correct horse")
    assert user.password == before
    monkeypatch.setattr(hashing.LimitedArgon2, "memory_cost", 16)
    assert user.check_password("correct horse")
    assert "$m=16,t=2,p=1$" in user.password


def test_known_hash_is_right():
    """As the reference implementation of Argon2 prints it (phc-winner-argon2, test.c)."""
    known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    assert hashing.LimitedArgon2().verify("password", "argon2" + known)
    assert not hashing.LimitedArgon2().verify("Password", "argon2" + known)
