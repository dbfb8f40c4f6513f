"""Backpropagation through time in plain PyTorch, three ways: see task.py for how it is run, and bptt.py for the network.

autograd  what one would write first: a loop over steps, autograd does the rest; inputs dense, all steps in one product
compiled  the same with `torch.compile` over 10 steps at a time
manual    forward and backward loops written by hand over one buffer, sparse inputs, the readout in closed form, the gradient
          of the recurrent weights in one product, `torch.compile` over 10 steps at a time
"""

import torch

import task
from bptt import Network

VARIANTS = ("manual", "compiled", "autograd")


def main():
    chosen = task.arguments(VARIANTS)
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(0)
    problem = task.Task(chosen.task, chosen.dt)
    network = Network(problem, chosen.variant)
    optimizer = torch.optim.Adam(network.parameters(), lr=chosen.lr, fused=True)
    inputs = network.inputs(range(problem.trials))
    labels = torch.from_numpy(problem.labels)

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits, spikes = network(inputs)
        loss = torch.nn.functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        return loss.detach(), spikes

    task.serve(step)


if __name__ == "__main__":
    main()
