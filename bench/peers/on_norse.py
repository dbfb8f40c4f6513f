"""norse: its step of a LIF neuron with current synapse, Euler's method, and its leaky integrator. See task.py.

The currents of the inputs are formed for all steps in one product; its recurrent cell would multiply them step by step.
"""

import torch
from norse.torch.functional.leaky_integrator import LIParameters, LIState, li_feed_forward_step
from norse.torch.functional.lif import LIFFeedForwardState, LIFParameters, lif_feed_forward_step

import trained


class Network(torch.nn.Module):
    def __init__(self, task):
        super().__init__()
        self.dt = task.dt
        rates = {"tau_mem_inv": torch.tensor(1 / task.tau_mem), "tau_syn_inv": torch.tensor(1 / task.tau_syn)}
        self.neuron, self.integrator = LIFParameters(**rates), LIParameters(**rates)
        self.input, self.recurrent, self.output = (trained.dense(w) for w in (task.w_in, task.w_rec, task.w_out))

    def forward(self, inputs):
        currents = self.input(inputs)
        z = torch.zeros_like(currents[0])
        state = LIFFeedForwardState(v=z, i=z)
        spikes = []
        for current in currents.unbind(0):
            z, state = lif_feed_forward_step(current + self.recurrent(z), state, self.neuron, self.dt)
            spikes.append(z)
        spikes = torch.stack(spikes)
        out = self.output(spikes)
        state, total = LIState(v=torch.zeros_like(out[0]), i=torch.zeros_like(out[0])), 0
        for current in out.unbind(0):
            v, state = li_feed_forward_step(current, state, self.integrator, self.dt)
            total = total + v
        return total / len(inputs), spikes.sum()


chosen, task = trained.start()
trained.serve(chosen, task, Network(task))
