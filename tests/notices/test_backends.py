from django.core.mail import send_mail


def test_mail_goes_to_the_console_and_to_a_file(settings, tmp_path, capsys):
    settings.EMAIL_BACKEND = "notices.backends.ConsoleAndFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    assert send_mail("Your receipt", "Handed in.", None, ["author@example.org"]) == 1
    (kept,) = (tmp_path / "mail").iterdir()
    assert "Subject: Your receipt" in kept.read_text()
    assert "Subject: Your receipt" in capsys.readouterr().out
