import numpy as np
import torch
from torch import Tensor

from anomaly.detector.neighbours import DRAWS, LEAST_SPREAD, Neighbours, Space
from anomaly.detector.witnesses import Witnesses, closest

CHANCE = torch.Generator().manual_seed(0)


def gathered(references: Tensor, *, numeric: int = 6) -> Neighbours:
    """The second half of the references is the likelier one."""
    likelihood = torch.arange(float(len(references)))
    return Neighbours.gather(references, likelihood, numeric=numeric, generator=CHANCE)


def witnesses_of(rows: Tensor) -> Witnesses:
    return Witnesses(rows, torch.arange(len(rows)) % 2)


def rows(n: int) -> Tensor:
    return torch.randn(n, 6, generator=CHANCE)


def test_distances_agree_with_those_of_torch() -> None:
    references, x = rows(40), rows(700)  # more than are worked on at once in double precision
    neighbours = gathered(references)
    fifth, of_few = neighbours.to_likely(x)
    truth = torch.cdist(x, references)
    quarters = references.quantile(torch.tensor([0.25, 0.75]), dim=0, interpolation="nearest")
    spread = quarters[1] - quarters[0]
    robust = torch.cdist(x / spread, references[20:] / spread).sort(dim=1).values[:, 4]
    np.testing.assert_allclose(fifth, robust, atol=1e-3)
    drawn = torch.stack([truth[:, draw].amin(1) for draw in neighbours.drawn])
    assert neighbours.drawn.min() >= 20
    assert len(drawn) == DRAWS
    np.testing.assert_allclose(of_few, drawn.mean(0), atol=1e-3)


def test_wild_values_do_not_stretch_the_scale_of_the_robust_distance() -> None:
    references = rows(400)
    spread = gathered(references).spread
    references[:40, 0] = 1e6
    references[:, 1] = 0.0
    wild = gathered(references).spread
    assert wild[0] < 1.5 * spread[0]
    assert wild[1] == torch.tensor(LEAST_SPREAD)


def test_levels_of_a_categorical_column_keep_their_scale() -> None:
    references = torch.cat([rows(40)[:, :4], torch.eye(2)[torch.arange(40) // 35]], dim=1)
    neighbours = gathered(references, numeric=4)
    assert neighbours.spread[4:].tolist() == [1.0, 1.0]
    assert neighbours.middle[4:].tolist() == [0.0, 0.0]


def test_row_does_not_count_as_its_own_neighbour() -> None:
    references, own = rows(40), np.arange(40)
    neighbours = gathered(references)
    alone, itself = neighbours.to_likely(references, own=own), neighbours.to_likely(references)
    np.testing.assert_array_equal(alone[:, :20], itself[:, :20])  # not among the likely
    assert (alone[:, 20:] > itself[:, 20:]).all()


def test_gap_counts_as_much_as_neighbours_usually_differ() -> None:
    neighbours, whole = gathered(rows(400)), rows(300)
    witnesses = witnesses_of(rows(400))
    holey = whole.clone()
    holey[torch.rand(holey.shape, generator=CHANCE) < 0.3] = torch.nan
    for distances in (witnesses.distances, neighbours.to_likely):
        before, after = (np.median(distances(x), axis=1) for x in (whole, holey))
        assert (abs(after - before) < 0.25 * before).all()
        assert np.isfinite(distances(torch.full((1, 6), torch.nan))).all()


def test_references_with_gaps_agree_with_the_sum_written_out() -> None:
    references, x = rows(40), rows(9)
    references[torch.rand(references.shape, generator=CHANCE) < 0.3] = torch.nan
    x[0, :3] = torch.nan
    witnesses = witnesses_of(references)
    usual = Space.gather(references).usual
    squared = (x[:, None, :] - references[None]).square()
    filled = torch.where(squared.isnan(), usual, squared).sum(-1).sqrt()
    np.testing.assert_allclose(witnesses.distances(x)[0], filled.amin(1), atol=1e-3)


def test_closest_are_those_of_a_full_sort() -> None:
    squared = torch.rand(20, 1003, generator=CHANCE)
    assert torch.equal(closest(squared, 10), squared.argsort(dim=1)[:, :10])


def test_witnesses_of_the_own_fold_do_not_count() -> None:
    references = rows(700)
    witnesses = witnesses_of(references)
    np.testing.assert_allclose(witnesses.distances(references)[0], 0.0, atol=1e-6)
    apart = torch.cdist(references, references)
    apart[witnesses.fold[:, None] == witnesses.fold] = torch.inf
    np.testing.assert_allclose(witnesses.between[0], apart.amin(1), atol=1e-5)


def test_plane_tells_the_direction_in_which_rows_vary() -> None:
    flat = rows(300)
    flat[:, 3:] *= 0.01
    along, across = torch.zeros(2, 1, 6)
    along[0, 0], across[0, 3] = 0.5, 0.5
    witnesses = witnesses_of(flat)
    assert witnesses.distances(across)[1] > 2 * witnesses.distances(along)[1]


def test_plane_through_one_row_is_that_row() -> None:
    witnesses = witnesses_of(rows(2))
    nearest, to_plane = witnesses.distances(rows(30), without=0)
    np.testing.assert_allclose(nearest, to_plane, rtol=1e-5)
