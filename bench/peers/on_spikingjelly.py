"""SpikingJelly: LIFNode in single steps, arctan surrogate, around a synapse of our own. See task.py.

Its SynapseFilter is meant for single spikes, not for currents; the exponential synapse is one line of PyTorch.
"""

import torch
from spikingjelly.activation_based import functional, neuron, surrogate

import trained


class Network(torch.nn.Module):
    def __init__(self, task):
        super().__init__()
        self.beta = float(task.beta)
        # V <- V + (x - V) / tau with 1 / tau = 1 - alpha, and x such that the step is exact.
        tau = float(1 / (1 - task.alpha))
        self.gain = float(task.gain * tau)
        self.alpha_out, self.gain_out = float(task.alpha), float(task.gain)
        self.neuron = neuron.LIFNode(tau=tau, v_threshold=1.0, v_reset=0.0, surrogate_function=surrogate.ATan(), detach_reset=True)
        self.input, self.recurrent, self.output = (trained.dense(w) for w in (task.w_in, task.w_rec, task.w_out))

    def forward(self, inputs):
        functional.reset_net(self)
        currents = self.input(inputs)
        i = s = torch.zeros_like(currents[0])
        spikes = []
        for current in currents.unbind(0):
            i = self.beta * i + current + self.recurrent(s)
            s = self.neuron(self.gain * i)
            spikes.append(s)
        spikes = torch.stack(spikes)
        i = v = total = 0
        for current in self.output(spikes).unbind(0):
            i = self.beta * i + current
            v = self.alpha_out * v + self.gain_out * i
            total = total + v
        return total / len(inputs), spikes.sum()


chosen, task = trained.start()
trained.serve(chosen, task, Network(task))
