import numpy as np
import torch
from torch import Tensor

from anomaly.detector.neighbours import Neighbours

CHANCE = torch.Generator().manual_seed(0)
FOLD = torch.arange(40) % 2


def rows(n: int) -> Tensor:
    return torch.randn(n, 6, generator=CHANCE)


def test_distances_agree_with_those_of_torch() -> None:
    references, x = rows(40), rows(700)  # more than are worked on at once in double precision
    neighbours = Neighbours.gather(references, FOLD, likelihood=torch.arange(40.0))
    nearest, likely = neighbours.distances(x, suspect=True)
    truth = torch.cdist(x, references)
    for fold in (0, 1):
        np.testing.assert_allclose(nearest[:, fold], truth[:, fold == FOLD].amin(1), atol=1e-3)
    fifth = truth[:, 20:].sort(dim=1).values[:, 4]
    np.testing.assert_allclose(likely, fifth, atol=1e-3)


def test_row_does_not_count_as_its_own_neighbour() -> None:
    references = rows(40)
    neighbours = Neighbours.gather(references, FOLD, likelihood=torch.arange(40.0))
    alone, _ = neighbours.distances(references, own=np.arange(40))
    itself, _ = neighbours.distances(references)
    assert alone.min() > 0.1
    np.testing.assert_allclose(itself.min(axis=1), 0.0, atol=1e-3)


def test_gap_counts_as_much_as_neighbours_usually_differ() -> None:
    references = rows(400)
    fold = torch.arange(400) % 2
    neighbours = Neighbours.gather(references, fold, likelihood=torch.zeros(400))
    holey = rows(300)
    whole, _ = neighbours.distances(holey)
    holey[torch.rand(holey.shape, generator=CHANCE) < 0.3] = torch.nan
    gaps, _ = neighbours.distances(holey)
    assert abs(np.median(gaps) - np.median(whole)) < 0.25 * np.median(whole)
    nothing, _ = neighbours.distances(torch.full((1, 6), torch.nan))
    assert np.isfinite(nothing).all()


def test_references_with_gaps_agree_with_the_sum_written_out() -> None:
    references, x = rows(40), rows(9)
    references[torch.rand(references.shape, generator=CHANCE) < 0.3] = torch.nan
    x[0, :3] = torch.nan
    neighbours = Neighbours.gather(references, FOLD, likelihood=torch.zeros(40))
    squared = (x[:, None, :] - references[None]).square()
    filled = torch.where(squared.isnan(), neighbours.usual, squared).sum(-1).sqrt()
    nearest, _ = neighbours.distances(x)
    np.testing.assert_allclose(nearest.min(axis=1), filled.amin(1), atol=1e-3)
