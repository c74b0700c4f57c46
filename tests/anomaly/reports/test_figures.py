import subprocess
import sys

import pytest

from anomaly.reports import figures
from anomaly.reports.evidence import top_columns


def test_histogram_is_as_high_as_its_counts():
    bins = {"edges": [-4.0, -3.0, -2.0, -1.0], "counts": [1, 0, 4], "flagged": [1, 0, 0]}
    drawn = figures.histogram({"histogram": bins})
    heights = [bar["height"] for bar in drawn["bars"]]
    assert heights == [pytest.approx(drawn["base"] / 4, abs=0.01), drawn["base"]]
    assert [bar["x"] for bar in drawn["flagged"]] == [drawn["bars"][0]["x"]]
    assert drawn["ticks"] == [-4.0, -3.25, -2.5, -1.75, -1.0]
    assert all(bar["x"] + bar["width"] <= drawn["width"] for bar in drawn["bars"])


def test_columns_that_stand_out_are_those_of_the_flagged_rows():
    def row(flagged, **shares):
        columns = [{"name": name, "share": share} for name, share in shares.items()]
        return {"flagged": flagged, "columns": columns}

    top = [row(True, a=0.2, b=0.8), row(True, c=0.5, b=0.4), row(False, z=1.0)]
    assert top_columns({"top": top}) == ["b", "c", "a"]
    assert top_columns({"top": [row(False, z=1.0)]}) == ["z"]


def test_web_process_does_not_import_what_only_children_need():
    program = (
        "import django; django.setup(); import config.urls, sys;"
        "print([m for m in ('torch', 'polars', 'bokeh.plotting') if m in sys.modules])"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert asked.stdout == "[]\n"
