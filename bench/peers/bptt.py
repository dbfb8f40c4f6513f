"""The network of pytorch_bptt.py and of accuracy_for_time.py: recurrent LIF neurons, then leaky integrators."""

import numpy as np
import torch
from torch.nn.functional import linear

from by_hand import ByHand
from sparse_inputs import SparseInputs
from surrogate import SHARPNESS, Spike


class Network(torch.nn.Module):
    def __init__(self, task, variant, weighting="uniform", sharpness=SHARPNESS):
        super().__init__()
        self.task, self.variant = task, variant
        self.w_in, self.w_rec, self.w_out = (
            torch.nn.Parameter(torch.from_numpy(w).clone()) for w in (task.w_in, task.w_rec, task.w_out)
        )
        self.constants = float(task.alpha), float(task.beta), float(task.gain)
        self.by_hand = ByHand(*self.constants, task.readout_kernel(weighting), sharpness) if variant == "manual" else None
        self.advance = torch.compile(advance) if variant == "compiled" else advance

    def inputs(self, trials, task=None):
        """A batch of a task's trials, default its own, in the form that `forward` takes."""
        task, trials = task or self.task, np.asarray(trials)
        if self.variant == "manual":
            return SparseInputs(task, trials)
        return torch.from_numpy(task.binned(trials))

    def forward(self, inputs):
        """Mean readout voltages [batch][classes], and the batch's hidden spikes."""
        if self.by_hand:
            return self.by_hand(inputs, self.w_in, self.w_rec, self.w_out)
        currents = linear(inputs, self.w_in)
        steps, batch, hidden = currents.shape
        zero = currents.new_zeros(batch, hidden)
        out = currents.new_zeros(batch, len(self.w_out))
        state = (zero, zero, zero, out, out, out)
        count = zero.sum()
        # Autograd adds up the gradients of slices one whole array at a time, those of `split` and `unbind` once.
        for chunk in currents.split(10):
            state, spikes = self.advance(chunk, self.w_rec, self.w_out, state, self.constants)
            count = count + spikes
        return state[5] / steps, count.detach()


def advance(currents, w_rec, w_out, state, constants):
    """Some steps, and the spikes in them; the state is I, V, spikes, and I, V, sum of V of the readout."""
    alpha, beta, gain = constants
    i, v, s, i_out, v_out, total = state
    count = s.new_zeros(())
    for current in currents.unbind(0):
        i = beta * i + current + linear(s, w_rec)
        i_out = beta * i_out + linear(s, w_out)
        v = alpha * v * (1 - s.detach()) + gain * i
        s = Spike.apply(v - 1)
        v_out = alpha * v_out + gain * i_out
        total = total + v_out
        count = count + s.detach().sum()
    return (i, v, s, i_out, v_out, total), count
