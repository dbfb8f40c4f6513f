"""VENV/bin/python -m pytest bench/peers (skipped without torch): what the programs are given, and gradients by hand."""

import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).parent))
import task  # noqa: E402
from bptt import Network  # noqa: E402


@pytest.fixture
def small(tmp_path):
    random = np.random.default_rng(1)
    path = tmp_path / "task.npz"
    np.savez(
        path,
        times=np.sort(random.uniform(0, 60, (3, 200))).ravel(),
        sources=random.integers(0, 10, 600).astype(float),
        offsets=np.arange(4) * 200.0,
        labels=np.array([0.0, 1, 2]),
        duration=60.0,
        tau_mem=20.0,
        tau_syn=5.0,
        w_in=random.normal(0.4, 0.5, (8, 10)),
        w_rec=random.normal(0, 0.5, (8, 8)),
        w_out=random.normal(0, 1, (3, 8)),
    )
    return task.Task(path, 1.0)


def test_bins_hold_every_spike_once(small):
    bins = small.binned()
    assert bins.shape == (60, 3, 10)
    assert bins.sum() == 600
    assert bins[:, 1].sum() == 200
    step, channel = int(small.times[250]), small.sources[250]
    assert bins[step, 1, channel] >= 1


def test_kernel_is_the_mean_voltage_after_a_spike(small):
    kernel = small.readout_kernel()
    v = i = total = 0.0
    for step in range(60):
        i = small.beta * i + (step == 21)
        v = small.alpha * v + small.gain * i
        total += v
    assert kernel[20] == pytest.approx(total / 60, rel=1e-6)


def test_gradients_by_hand_are_those_of_autograd(small):
    answers = []
    for variant in ("manual", "autograd"):
        torch.compiler.set_stance("force_eager")
        network = Network(small, variant)
        logits, spikes = network(network.inputs(range(3)))
        torch.nn.functional.cross_entropy(logits, torch.from_numpy(small.labels)).backward()
        answers.append((float(spikes), [p.grad.numpy() for p in network.parameters()]))
    (spikes, by_hand), (expected_spikes, by_autograd) = answers
    assert spikes == expected_spikes > 20
    for found, expected in zip(by_hand, by_autograd):
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5 * np.abs(expected).max())
