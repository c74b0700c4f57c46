"""The first thing a newcomer runs, on machines that are not as they should be."""

import importlib.util
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def bootstrap(tmp_path):
    """The script, as if the clone stood in `tmp_path`."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "deploy" / "bootstrap.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.ROOT, script.VENV = str(tmp_path), str(tmp_path / ".venv")
    script.PYTHON = str(tmp_path / ".venv" / "bin" / "python")
    script.STAMP = str(tmp_path / ".venv" / "podium-installed")
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    return script


def test_old_python_is_told_what_to_install(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or later.*make run PYTHON="):
        bootstrap.use_new_enough_python()


def test_old_python_goes_on_under_a_newer_one(bootstrap, monkeypatch):
    taken = []
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(bootstrap.os, "execv", lambda path, _arguments: taken.append(path))
    with pytest.raises(SystemExit):  # only because this execv comes back
        bootstrap.use_new_enough_python()
    assert taken[0] == "/bin/python3.20"


def test_full_disk_is_said_before_anything_is_written(bootstrap, monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _path: Usage(100, 99, 1))
    with pytest.raises(SystemExit, match=r"disk is nearly full.*Make room"):
        bootstrap.prepare("requirements.lock")
    assert not (tmp_path / ".venv").exists()


def test_half_made_environment_is_made_again(bootstrap, tmp_path, monkeypatch, capsys):
    """An interrupted installation leaves a folder without its stamp."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").write_text("half")
    monkeypatch.setattr(bootstrap, "pip", lambda *_arguments: None)
    bootstrap.prepare("requirements.lock")
    assert "half made" in capsys.readouterr().out
    said = subprocess.run(
        [bootstrap.PYTHON, "-c", "print('whole')"], capture_output=True, text=True
    )
    assert said.stdout == "whole\n"


def test_second_start_installs_nothing(bootstrap, tmp_path, monkeypatch, capsys):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "podium-installed").write_text(bootstrap.wanted("requirements.lock"))
    monkeypatch.setattr(bootstrap, "pip", lambda *_arguments: pytest.fail("installed again"))
    bootstrap.prepare("requirements.lock")
    assert capsys.readouterr().out == ""


def test_changed_lock_is_installed_into_the_same_environment(bootstrap, tmp_path, monkeypatch):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "podium-installed").write_text(bootstrap.wanted("requirements.lock"))
    (tmp_path / "requirements.lock").write_text("django==5.2\n")
    calls = []
    monkeypatch.setattr(bootstrap, "pip", lambda *arguments: calls.append(arguments))
    bootstrap.prepare("requirements.lock")
    assert calls[0] == ("install", "-r", "requirements.lock")


def test_failed_installation_says_what_to_do(bootstrap, tmp_path):
    shutil.rmtree(tmp_path / ".venv", ignore_errors=True)
    bootstrap.PYTHON = sys.executable
    with pytest.raises(SystemExit, match=r"did not work.*run the same command again"):
        bootstrap.pip("install", "--no-index", "a-package-that-does-not-exist")
