"""`platform/` is a source root, not a package; else Python's own `platform` would break."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ASK = "import platform; print(platform.system(), platform.__file__)"


def test_platform_under_pytest_is_the_standard_library():
    import platform

    assert platform.system()
    assert ROOT not in Path(platform.__file__).parents


@pytest.mark.parametrize("folder", [ROOT, ROOT / "platform", Path("/")])
def test_platform_under_manage_is_the_standard_library(folder):
    said = subprocess.run(
        [sys.executable, ROOT / "manage.py", "shell", "--no-imports", "-c", ASK],
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
    ).stdout.split()
    assert said[0]
    assert ROOT / "platform" not in Path(said[1]).parents


def test_platform_under_celery_is_the_standard_library():
    code = f"import celery.bin.celery, config.celery; {ASK}"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    assert ROOT / "platform" not in Path(said[1]).parents


def test_platform_folder_with_init_would_shadow_the_module(tmp_path):
    """The negative control: the file that must never be added does the damage."""
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform" / "__init__.py").touch()
    result = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert "has no attribute 'system'" in result.stderr
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_web_process_imports_neither_torch_nor_polars():
    code = (
        "import sys, config.wsgi; from django.urls import get_resolver; "
        "get_resolver().reverse_dict; "
        "print([m for m in ('torch', 'polars', 'sklearn') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert said.stdout.strip() == "[]"
