import torch
from torch.distributions import Categorical, Normal, kl_divergence

from anomaly.detector.model import Ensemble, Layout, gaussian_log_density, kl_to_standard_normal


def some_ensemble(layout: Layout) -> Ensemble:
    return Ensemble(
        layout,
        members=3,
        hidden=8,
        latent=4,
        floor=0.05,
        variational=True,
        generator=torch.Generator().manual_seed(0),
    )


def test_gaussian_log_density_agrees_with_torch_distributions() -> None:
    x, mean, log_sd = torch.randn(3, 5, 7, generator=torch.Generator().manual_seed(1))
    truth = Normal(mean, log_sd.exp()).log_prob(x)
    torch.testing.assert_close(gaussian_log_density(x, mean, log_sd), truth)


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
    log_sd = model.log_sd(torch.full((3, 4, 4), -100.0))
    torch.testing.assert_close(log_sd.exp(), torch.full((3, 4, 2), 0.05))


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
