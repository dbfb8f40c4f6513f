"""The task in snnTorch: RSynaptic and Synaptic step by step, as its documentation shows. See task.py for how it is run.

The input's product is taken for all steps at once. Its neuron is I <- alpha I + x, V <- beta V + I: weights are scaled so
that an arrival has the area that it has in the equations. Reset by subtraction, its default: "zero" would reset I too.
"""

import task

if __name__ == "__main__":
    chosen = task.arguments(("plain",), needs=("torch", "snntorch"))

import snntorch
import torch
from snntorch import surrogate
from torch.nn.functional import linear

from torch_step import serve


class Model(torch.nn.Module):
    def __init__(self, problem):
        super().__init__()
        self.steps = problem.steps
        scale = problem.area_scale
        scaled = lambda w: torch.nn.Parameter(torch.from_numpy(w * scale).float())
        decays = {"alpha": float(problem.beta), "beta": float(problem.alpha)}  # Its beta is the membrane's.
        self.into, self.out = scaled(problem.w_in), scaled(problem.w_out)
        self.hidden = snntorch.RSynaptic(**decays, linear_features=problem.hidden, spike_grad=surrogate.atan())
        self.hidden.recurrent = torch.nn.Linear(problem.hidden, problem.hidden, bias=False)
        self.hidden.recurrent.weight = scaled(problem.w_rec)
        self.readout = snntorch.Synaptic(**decays, reset_mechanism="none")

    def forward(self, inputs):
        currents = linear(inputs, self.into)
        hidden = self.hidden.reset_mem()
        synapse, membrane = self.readout.reset_mem()
        spikes, total = [], 0
        for current in currents.unbind(0):
            hidden = self.hidden(current, *hidden)
            spikes.append(hidden[0])
        spikes = torch.stack(spikes)
        for current in linear(spikes, self.out).unbind(0):
            _, synapse, membrane = self.readout(current, synapse, membrane)
            total = total + membrane
        return total / self.steps, spikes.detach().sum()


if __name__ == "__main__":
    serve(chosen, Model)
