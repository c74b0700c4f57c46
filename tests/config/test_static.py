"""Production's static files: collected, hashed, kept by browsers for ever."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_collectstatic_hashes_every_file_a_page_names(tmp_path):
    environment = os.environ | {"PODIUM_HASHED_STATIC": "1", "PODIUM_VAR": str(tmp_path)}
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    hashed = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    needed = {"theme/podium.css", "theme/mark.svg", "bokeh/js/bokeh.min.js"}
    assert needed <= hashed.keys()
    for name in needed:
        assert hashed[name] != name
        assert (tmp_path / "static" / hashed[name]).exists()
