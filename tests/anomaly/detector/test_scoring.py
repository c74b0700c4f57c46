import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer

from anomaly.detector.reading import TableError
from anomaly.detector.scoring import score_file


@pytest.fixture(scope="module")
def cancer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All benign rows and 20 malignant ones, the label named."""
    data = load_breast_cancer()
    rows = np.r_[np.flatnonzero(data.target == 1), np.flatnonzero(data.target == 0)[:20]]
    table = pl.DataFrame(data.data[rows], schema=list(data.feature_names))
    diagnosis = data.target_names[data.target[rows]].tolist()
    path = tmp_path_factory.mktemp("tables") / "cancer.csv"
    table.with_columns(diagnosis=pl.Series(diagnosis)).write_csv(path)
    return path


def test_breast_cancer_is_scored_with_evidence(cancer: Path, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    summary = score_file(
        cancer, tmp_path, label="diagnosis", html=True, progress=lambda s, f: told.append((s, f))
    )
    assert summary["label"]["anomalous_value"] == "malignant"
    assert summary["label"]["auroc"] > 0.9
    assert summary == json.loads((tmp_path / "summary.json").read_text())
    assert [f for _, f in told] == sorted(f for _, f in told)
    assert told[-1] == ("writing", 1.0)
    assert {s for s, _ in told} == {"reading", "training", "scoring", "explaining", "writing"}
    scores = pl.read_csv(tmp_path / "scores.csv")
    assert scores.columns == [
        *("row", "score", "log_probability", "error", "p_value", "flagged", "diagnosis")
    ]
    assert scores.equals(pl.read_parquet(tmp_path / "scores.parquet"))
    assert sum(summary["histogram"]["counts"]) == summary["rows"] == scores.height == 377
    top = summary["top"][0]
    assert top["score"] == scores.get_column("score").min()
    assert sum(column["share"] for column in top["columns"]) <= 1.0
    page = (tmp_path / "report.html").read_text()
    assert "Bokeh" in page
    assert "<script src" not in page
    assert 'rel="stylesheet"' not in page.split("<script")[0]


def test_mixed_table_with_gaps_is_scored(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    n = 150
    table = pl.DataFrame(
        {
            "id": np.arange(n) + 1,
            "=amount": [None if i % 9 == 0 else v for i, v in enumerate(rng.lognormal(size=n))],
            "shop": [None if i % 11 == 0 else "abc"[i % 3] for i in range(n)],
            "open": [bool(i % 2) for i in range(n)],
            "day": [f"2020-{1 + i % 12:02d}-{1 + i % 28:02d}" for i in range(n)],
            "same": ["x"] * n,
            "label": ["=1+1" if i < 5 else "-1" for i in range(n)],
        }
    )
    table.write_csv(tmp_path / "mixed.csv")
    summary = score_file(tmp_path / "mixed.csv", tmp_path / "out")
    roles = {column["name"]: column["role"] for column in summary["columns"]}
    assert roles["id"] == "identifier"
    assert roles["same"] == "ignore"
    assert roles["label"] == "label"
    kinds = {column["name"]: column["kind"] for column in summary["columns"]}
    assert kinds["shop"] == "categorical"
    assert kinds["open"] == "binary"
    assert kinds["day"] == "datetime"
    assert any(warning.startswith("same:") for warning in summary["warnings"])
    safe = pl.read_csv(tmp_path / "out" / "scores.csv").get_column("label").to_list()
    assert set(safe) == {"'=1+1", "'-1"}


def test_roles_overrule_what_was_guessed(cancer: Path, tmp_path: Path) -> None:
    roles = {"diagnosis": "ignore", "mean radius": "ignore"}
    summary = score_file(cancer, tmp_path, roles=roles)
    assert summary["label"] is None
    named = {column["name"] for row in summary["top"] for column in row["columns"]}
    assert named
    assert not named & {"diagnosis", "mean radius"}


def test_columns_left_out_for_one_reason_share_one_warning(tmp_path: Path) -> None:
    """Their roles were confirmed by a person as they had been guessed: the reason still holds."""
    constant = {f"c{i}": [1] * 40 for i in range(7)}
    path = tmp_path / "t.csv"
    pl.DataFrame({"x": np.random.default_rng(0).normal(size=40), **constant}).write_csv(path)
    summary = score_file(path, tmp_path / "out", roles=dict.fromkeys(constant, "ignore"))
    (warning,) = [w for w in summary["warnings"] if w.startswith("c0")]
    assert warning.startswith("c0, c1, c2, c3, c4 and 2 more: ")
    assert "on request" not in warning


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("", {}, "file.empty"),
        ("a,b\n", {}, "table.no_rows"),
        ("a,b\n1,2\n3,4\n", {}, "table.too_few_rows"),
        ("a,b\n" + "1,2\n" * 30, {}, "table.no_features"),  # all rows equal
        ("a,b\n" + "1,2\n" * 30, {"label": "c"}, "table.unknown_column"),
        ("a,b\n" + "1,2\n" * 30, {"roles": {"a": "king"}}, "table.unknown_role"),
    ],
)
def test_unscorable_table_is_refused_in_one_sentence(
    text: str, options: dict[str, str], code: str, tmp_path: Path
) -> None:
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(TableError) as refusal:
        score_file(tmp_path / "table.csv", tmp_path / "out", **options)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "out").exists()


def test_table_whose_rows_are_all_equal_is_refused_by_the_names_of_its_columns(
    tmp_path: Path,
) -> None:
    (tmp_path / "table.csv").write_text("shop,price\n" + "x,2\n" * 30)
    with pytest.raises(TableError, match=r"shop: Constant.*price: Constant"):
        score_file(tmp_path / "table.csv", tmp_path / "out")


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "anomaly.detector", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_command_writes_the_report_and_says_the_rate(cancer: Path, tmp_path: Path) -> None:
    run = command(cancer, "--out", tmp_path, "--label", "diagnosis", "--rate", "0.1")
    assert run.returncode == 0, run.stderr
    assert "at a false discovery rate of 10%" in run.stdout
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"scores.csv", "scores.parquet", "summary.json", "report.html"}


def test_command_refuses_with_one_line_and_status_2(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04 not a text")
    run = command(tmp_path / "book.csv", "--out", tmp_path / "out")
    assert run.returncode == 2
    assert run.stderr.strip() == "book.csv is damaged or cut off; send the file again."


def hard_tables() -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(0)
    heavy = rng.standard_cauchy(size=(100, 3))
    heavy[0, 0], heavy[1, 1] = np.inf, 1e300
    return {
        "heavy tails, infinity, 1e300": pl.DataFrame(heavy, schema=["a", "b", "c"]),
        "fewer rows than columns": pl.DataFrame(rng.normal(size=(25, 60))),
        "only categories": pl.DataFrame({"a": ["x", "y"] * 30, "b": ["p", "q", "r"] * 20}),
        "the same column twice": pl.DataFrame({"a": heavy[:, 2], "b": heavy[:, 2]}),
        "one column": pl.DataFrame({"a": rng.normal(size=40)}),
        "a value all but missing": pl.DataFrame(
            {"a": rng.normal(size=40), "b": [1.0, 2.0] + [None] * 38}
        ),
        "nearly all rows equal": pl.DataFrame(
            {"a": [1.0] * 39 + [2.0], "b": [3.0] * 38 + [4.0, 5.0]}
        ),
    }


@pytest.mark.parametrize("name", hard_tables())
def test_hard_table_is_scored_with_finite_numbers(name: str, tmp_path: Path) -> None:
    """B41: training on such a scale does not diverge, so there is no job to fail for it."""
    hard_tables()[name].write_csv(tmp_path / "table.csv")
    summary = score_file(tmp_path / "table.csv", tmp_path / "out")
    scores = pl.read_parquet(tmp_path / "out" / "scores.parquet")
    assert summary["rows"] == scores.height
    assert (
        scores.select(pl.col("score", "error", "p_value").is_finite().all()).row(0) == (True,) * 3
    )
    assert scores.get_column("p_value").is_between(0, 1).all()
