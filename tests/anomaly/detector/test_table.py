import numpy as np
import polars as pl
import pytest

from anomaly.detector.table import CLIP, Columns


def learnt(values: list[object], kind: str) -> tuple[pl.DataFrame, Columns]:
    frame = pl.DataFrame({"c": values}, strict=False)
    return frame, Columns.learn(frame, {"c": kind})


def test_numeric_column_is_standardised() -> None:
    frame, columns = learnt(list(np.random.default_rng(0).normal(50, 4, size=500)), "numeric")
    z = columns.encode(frame)
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 1) < 0.02


def test_one_wild_value_does_not_decide_the_scale() -> None:
    values = [*np.random.default_rng(0).normal(size=999), 1e300]
    z = learnt(values, "numeric")[1].encode(pl.DataFrame({"c": values}))
    assert z[999, 0] == CLIP
    assert z[:999].std() > 0.2


def test_far_values_keep_their_order() -> None:
    columns = learnt(list(np.random.default_rng(0).normal(size=500)), "numeric")[1]
    far = columns.encode(pl.DataFrame({"c": [2.0, 4.0, 8.0, 80.0, -80.0, float("-inf")]})).ravel()
    assert (np.diff(far[:4]) > 0).all()
    assert abs(far[4] + far[3]) < 0.1
    assert far[5] == -CLIP


def test_decoding_undoes_encoding() -> None:
    values = [*np.random.default_rng(0).normal(50, 4, size=500), 90.0]
    frame, columns = learnt(values, "numeric")
    text = [float(row[0]) for row in columns.decode(columns.encode(frame))]
    assert text == pytest.approx(values, rel=1e-3)


def test_rare_and_unseen_levels_share_a_place() -> None:
    columns = learnt(["a"] * 5 + ["b"] * 5 + ["once", None], "categorical")[1]
    one_hot = columns.encode(pl.DataFrame({"c": ["a", "once", "never seen", None]}))
    np.testing.assert_array_equal(one_hot[:3], [[1, 0, 0], [0, 0, 1], [0, 0, 1]])
    assert np.isnan(one_hot[3]).all()


def test_dates_are_read_back_as_dates() -> None:
    days = pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 3, 1), eager=True)
    columns = Columns.learn(days.to_frame("c"), {"c": "datetime"})
    decoded = columns.decode(columns.encode(days.to_frame("c")))
    assert decoded[0][0].startswith(("2019-12-31", "2020-01-01"))


def test_mixed_columns_keep_the_order_of_the_table() -> None:
    frame = pl.DataFrame(
        {"shop": ["a", "b"] * 20, "x": [0.5, 1.5] * 20, "open": [True, False] * 20}
    )
    columns = Columns.learn(frame, {"shop": "categorical", "x": "numeric", "open": "binary"})
    assert columns.decode(columns.encode(frame))[0] == ["a", "0.5", "true"]
    terms = np.array([[10.0, 20.0, 30.0]])  # x, shop, open: the order of encoding
    np.testing.assert_array_equal(columns.to_columns(terms), [[20.0, 10.0, 30.0]])
