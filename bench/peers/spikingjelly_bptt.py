"""The task in SpikingJelly: CUBALIFNode step by step, its linear layers for all steps at once. See task.py for how it is run.

Its neuron is I <- beta I + x, V <- alpha V + I: weights are scaled so that an arrival has the area that it has in the
equations. Its container of recurrent layers would multiply the currents by one more matrix, so the feedback is added here;
the readout's two filters are written in PyTorch.
"""

import task

if __name__ == "__main__":
    chosen = task.arguments(("plain",), needs=("torch", "spikingjelly.activation_based.neuron"))

import torch
from spikingjelly.activation_based import functional, layer, neuron, surrogate

from torch_step import serve


class Model(torch.nn.Module):
    def __init__(self, problem):
        super().__init__()
        self.problem = problem
        scaled = lambda w: torch.nn.Parameter(torch.from_numpy(w * problem.area_scale).float())
        self.into = layer.Linear(problem.channels, problem.hidden, bias=False, step_mode="m")
        self.out = layer.Linear(problem.hidden, problem.classes, bias=False, step_mode="m")
        self.into.weight, self.out.weight = scaled(problem.w_in), scaled(problem.w_out)
        node = neuron.CUBALIFNode(
            c_decay=float(problem.beta),
            v_decay=float(problem.alpha),
            v_threshold=1.0,
            surrogate_function=surrogate.ATan(),
        )
        node.detach_reset = True
        self.hidden, self.recurrent = node, scaled(problem.w_rec)

    def forward(self, inputs):
        functional.reset_net(self)
        currents = self.into(inputs)
        s, spikes = torch.zeros_like(currents[0]), []
        for current in currents.unbind(0):
            s = self.hidden(current + torch.nn.functional.linear(s, self.recurrent))
            spikes.append(s)
        spikes = torch.stack(spikes)
        i = v = total = 0
        for current in self.out(spikes).unbind(0):
            i = self.problem.beta * i + current
            v = self.problem.alpha * v + i
            total = total + v
        return total / self.problem.steps, spikes.detach().sum()


if __name__ == "__main__":
    serve(chosen, Model)
