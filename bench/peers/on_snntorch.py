"""snnTorch: RSynaptic neurons with reset to zero, and a Synaptic one without reset as the readout. See task.py.

Its V <- beta V + I has no factor 1 - beta: weights are scaled so that an arrival has the area that it has in the equations.
"""

import snntorch
import torch
from snntorch import surrogate

import trained


class Network(torch.nn.Module):
    def __init__(self, task):
        super().__init__()
        rates = {"alpha": float(task.beta), "beta": float(task.alpha)}
        scale = float(task.area_scale)
        self.input = trained.dense(task.w_in * scale)
        self.hidden = snntorch.RSynaptic(
            **rates, linear_features=task.hidden, spike_grad=surrogate.atan(), reset_mechanism="zero"
        )
        self.hidden.recurrent = trained.dense(task.w_rec * scale)
        self.output = trained.dense(task.w_out * scale)
        self.readout = snntorch.Synaptic(**rates, reset_mechanism="none")

    def forward(self, inputs):
        state = self.hidden.reset_mem()
        spikes = []
        for current in self.input(inputs).unbind(0):
            state = self.hidden(current, *state)
            spikes.append(state[0])
        spikes = torch.stack(spikes)
        syn, mem = self.readout.reset_mem()
        total = 0
        for current in self.output(spikes).unbind(0):
            _, syn, mem = self.readout(current, syn, mem)
            total = total + mem
        return total / len(inputs), spikes.sum()


chosen, task = trained.start()
trained.serve(chosen, task, Network(task))
