"""The task in norse: see task.py for how it is run.

plain     LIFRecurrent, then li_step by step
compiled  lif_step and li_step, `torch.compile` over 10 steps at a time

norse integrates by Euler's method. Its surrogate is its default, SuperSpike.
"""

import task

if __name__ == "__main__":
    chosen = task.arguments(("compiled", "plain"), needs=("torch", "norse.torch"))

import torch
from norse.torch import LIFParameters, LIFRecurrent
from norse.torch.functional.leaky_integrator import LIParameters, LIState, li_step
from norse.torch.functional.lif import LIFState, lif_step

from torch_step import serve


class Model(torch.nn.Module):
    def __init__(self, problem):
        super().__init__()
        self.problem = problem
        inverse = {"tau_mem_inv": torch.tensor(1 / problem.tau_mem), "tau_syn_inv": torch.tensor(1 / problem.tau_syn)}
        parameter = lambda w: torch.nn.Parameter(torch.from_numpy(w).clone())
        self.hidden = LIFRecurrent(
            problem.channels,
            problem.hidden,
            p=LIFParameters(**inverse),
            input_weights=parameter(problem.w_in),
            recurrent_weights=parameter(problem.w_rec),
            autapses=True,
            dt=problem.dt,
        )
        self.out = parameter(problem.w_out)
        self.readout = LIParameters(**inverse)
        self.advance = torch.compile(advance, dynamic=False) if chosen.variant == "compiled" else None

    def forward(self, inputs):
        steps, batch, _ = inputs.shape
        zero = inputs.new_zeros(batch, len(self.out))
        state, total = LIState(zero, zero), zero
        if self.advance is None:
            spikes, _ = self.hidden(inputs)
            for s in spikes.unbind(0):
                v, state = li_step(s, state, self.out, self.readout, self.problem.dt)
                total = total + v
            return total / steps, spikes.detach().sum()
        hidden, count = self.hidden.initial_state(inputs), zero.sum()
        weights = self.hidden.input_weights, self.hidden.recurrent_weights, self.out
        for chunk in inputs.split(10):
            hidden, state, total, s = self.advance(
                chunk, weights, hidden, state, total, self.hidden.p, self.readout, self.problem.dt
            )
            count = count + s
        return total / steps, count.detach()


def advance(inputs, weights, hidden, state, total, p, readout, dt):
    w_in, w_rec, w_out = weights
    count = total.new_zeros(())
    for x in inputs.unbind(0):
        s, hidden = lif_step(x, hidden, w_in, w_rec, p, dt)
        v, state = li_step(s, state, w_out, readout, dt)
        total = total + v
        count = count + s.detach().sum()
    return hidden, state, total, count


if __name__ == "__main__":
    serve(chosen, Model)
