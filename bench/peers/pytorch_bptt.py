"""Backpropagation through time in plain PyTorch, three ways: see task.py for how it is run, and bptt.py for the network.

autograd  what one would write first: a loop over steps, autograd does the rest; inputs dense, all steps in one product
compiled  the same with `torch.compile` over 10 steps at a time
manual    forward and backward loops written by hand over one buffer, sparse inputs, the readout in closed form, the gradient
          of the recurrent weights in one product, `torch.compile` over 10 steps at a time
"""

import task
from bptt import Network
from torch_step import serve

VARIANTS = ("manual", "compiled", "autograd")

if __name__ == "__main__":
    chosen = task.arguments(VARIANTS)
    serve(
        chosen,
        lambda problem: Network(problem, chosen.variant),
        lambda network, problem: network.inputs(range(problem.trials)),
    )
