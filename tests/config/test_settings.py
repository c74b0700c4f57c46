import os
import subprocess
import sys

SHOW = (
    "from django.conf import settings;"
    "from django.http import HttpRequest;"
    "import django; django.setup();"
    "from allauth.core.internal.httpkit import get_client_ip;"
    "request = HttpRequest();"
    "request.META |= {'REMOTE_ADDR': '10.0.0.1', 'HTTP_X_FORWARDED_FOR': '1.1.1.1, 2.2.2.2'};"
    "print(bool(settings.SECRET_KEY), get_client_ip(request))"
)


def shown(var, **environment: str) -> list[str]:
    """Whether there is a secret key, and whose address a rate limit counts, in a process of its
    own with these settings."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PODIUM_SECRET_KEY")}
    surroundings = kept | {"PODIUM_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", SHOW]
    return subprocess.check_output(command, env=surroundings | environment, text=True).split()


def test_empty_secret_key_is_made_anew(tmp_path):
    """A start on a full disk leaves an empty file; the next start must not stumble over it."""
    (tmp_path / "secret_key").touch()
    assert shown(tmp_path)[0] == "True"
    assert len((tmp_path / "secret_key").read_text()) > 50


def test_rate_limits_behind_a_proxy_count_visitors_and_believe_only_the_proxy(tmp_path):
    assert shown(tmp_path, PODIUM_BEHIND_PROXY="1")[1] == "2.2.2.2"
    assert shown(tmp_path)[1] == "10.0.0.1"


def deploy_warnings(var, **environment: str) -> str:
    told = {"DATABASE_URL": "postgres://podium@localhost/podium", "PODIUM_HOSTS": "podium.example"}
    told |= {"PODIUM_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2, "PODIUM_HTTPS": "1"}
    kept = {k: v for k, v in os.environ.items() if k not in ("REDIS_URL", "PODIUM_SMTP_HOST")}
    done = subprocess.run(
        [sys.executable, "-m", "manage", "check", "--deploy", "--tag", "security"],
        env=kept | told | {"PODIUM_VAR": str(var)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


def test_deploy_check_asks_for_mail_and_a_broker_and_then_for_nothing(tmp_path):
    said = deploy_warnings(tmp_path)
    assert "Set PODIUM_SMTP_HOST or PODIUM_MAIL_PROVIDER." in said
    assert "Set REDIS_URL." in said
    both = {"PODIUM_SMTP_HOST": "mail.podium.example", "REDIS_URL": "redis://localhost"}
    assert "WARNINGS" not in deploy_warnings(tmp_path, **both)
