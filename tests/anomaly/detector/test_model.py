import pytest
import torch
from torch import Tensor
from torch.distributions import Categorical, Normal, kl_divergence

from anomaly.detector.gradient import Gradient
from anomaly.detector.model import Ensemble, Layout, gaussian_log_density, kl_to_standard_normal
from anomaly.detector.train import negative_elbo, train


def some_ensemble(layout: Layout, *, variational: bool = True) -> Ensemble:
    return Ensemble(
        layout,
        members=3,
        hidden=8,
        latent=4,
        floor=0.05,
        variational=variational,
        generator=torch.Generator().manual_seed(0),
    )


def some_rows(layout: Layout, n: int, *, gaps: bool = False) -> Tensor:
    """(3, n, w): numbers, then one-hot levels; with `gaps` a fifth of the values is missing."""
    chance = torch.Generator().manual_seed(5)
    parts = [torch.randn(3, n, layout.gaussian, generator=chance).double()]
    for levels in [block[1] for block in layout.blocks for _ in range(block[0])]:
        codes = torch.randint(levels, (3, n), generator=chance)
        parts.append(torch.eye(levels).double()[codes])
    for part in parts if gaps else []:
        part[torch.rand(3, n, generator=chance) < 0.2] = torch.nan
    return torch.cat(parts, dim=-1)


def test_gaussian_log_density_agrees_with_torch_distributions() -> None:
    x, mean, log_sd = torch.randn(3, 5, 7, generator=torch.Generator().manual_seed(1))
    truth = Normal(mean, log_sd.exp()).log_prob(x)
    torch.testing.assert_close(gaussian_log_density(x, mean, log_sd.exp()), truth)


def test_kl_to_standard_normal_agrees_with_torch_distributions() -> None:
    mean, log_sd = torch.randn(2, 5, 7, generator=torch.Generator().manual_seed(2))
    truth = kl_divergence(Normal(mean, log_sd.exp()), Normal(0.0, 1.0)).sum(-1)
    torch.testing.assert_close(kl_to_standard_normal(mean, log_sd), truth)


def test_log_likelihood_of_mixed_columns_agrees_with_torch_distributions() -> None:
    model = some_ensemble(Layout(gaussian=2, blocks=((2, 3), (1, 4))))
    codes = torch.tensor([0, 2, 3])
    one_hot = [torch.eye(n)[c] for n, c in zip((3, 3, 4), codes, strict=True)]
    x = torch.cat([torch.tensor([0.3, -1.2]), *one_hot]).expand(3, 1, 12)
    parameters = torch.randn(3, 1, 14, generator=torch.Generator().manual_seed(3))
    sd = 0.05 + torch.nn.functional.softplus(parameters[..., 12:])
    truth = [Normal(parameters[..., :2], sd).log_prob(x[..., :2])]
    for block, code in zip(((2, 5), (5, 8), (8, 12)), codes, strict=True):
        truth.append(Categorical(logits=parameters[..., slice(*block)]).log_prob(code)[..., None])
    torch.testing.assert_close(model.log_likelihood(x, parameters), torch.cat(truth, dim=-1))


def test_log_likelihood_of_missing_values_is_zero() -> None:
    model = some_ensemble(Layout(gaussian=2, blocks=((1, 3),)))
    terms = model.log_likelihood(torch.full((3, 4, 5), torch.nan), torch.randn(3, 4, 7))
    assert torch.equal(terms, torch.zeros(3, 4, 3))


def test_variance_never_falls_under_the_floor() -> None:
    model = some_ensemble(Layout(gaussian=2))
    sd = model.sd(torch.full((3, 4, 4), -100.0))
    torch.testing.assert_close(sd, torch.full((3, 4, 2), 0.05))


def test_members_do_not_see_each_other() -> None:
    model = some_ensemble(Layout(gaussian=2))
    x = torch.randn(3, 4, 2, generator=torch.Generator().manual_seed(4))
    before = model.decode(model.encode(x)[0])
    with torch.no_grad():
        for layer in (model.encoder, model.posterior, model.decoder, model.likelihood):
            layer[0][1] += 1.0
    after = model.decode(model.encode(x)[0])
    assert torch.equal(before[[0, 2]], after[[0, 2]])
    assert not torch.equal(before[1], after[1])


@pytest.mark.parametrize("variational", [True, False])
@pytest.mark.parametrize("gaps", [True, False])
def test_gradient_agrees_with_the_automatic_one(variational: bool, gaps: bool) -> None:
    """Of the trimmed lower bound, with numeric and categorical columns."""
    layout = Layout(gaussian=2, blocks=((1, 3), (2, 4)))
    model = some_ensemble(layout, variational=variational).double()
    x, epsilon = some_rows(layout, 6, gaps=gaps), torch.randn(3, 6, 4).double()
    kept = torch.tensor([6, 4, 5])
    gradient = Gradient(model, beta=0.3, kept=kept, batch=6)
    gradient.fill(torch.nan_to_num(x), (~x.isnan()).double() if gaps else None, epsilon)
    model.weights.requires_grad_()
    losses = negative_elbo(model, x, epsilon, 0.3).sort(dim=1).values
    sum(member[:k].mean() for member, k in zip(losses, kept.tolist(), strict=True)).backward()
    torch.testing.assert_close(gradient.flat, model.weights.grad)


def test_training_makes_the_rows_likelier() -> None:
    layout = Layout(gaussian=2, blocks=((1, 3),))
    model, x = some_ensemble(layout), some_rows(layout, 50)[0].float()
    epsilon = torch.randn(3, 50, 4)
    before = negative_elbo(model, x.expand(3, -1, -1), epsilon, 0.1).mean()
    rows = torch.arange(50).expand(3, -1)
    options = {"steps": 60, "batch": 16, "learning_rate": 0.01, "beta": 0.1}
    train(model, x, rows, trim=torch.zeros(3), generator=torch.Generator(), **options)
    assert negative_elbo(model, x.expand(3, -1, -1), epsilon, 0.1).mean() < before - 1
