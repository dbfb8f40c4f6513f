"""A training step of the programs on PyTorch: cross-entropy, fused Adam."""

import torch

import task


def dense(network, problem):
    """Inputs [step][batch][channel]."""
    return torch.from_numpy(problem.binned())


def serve(chosen, model, inputs_of=dense):
    """`model(problem)` maps inputs to mean readout voltages and the number of hidden spikes."""
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(0)
    problem = task.Task(chosen.task, chosen.dt)
    network = model(problem)
    optimizer = torch.optim.Adam(network.parameters(), lr=chosen.lr, fused=True)
    inputs = inputs_of(network, problem)
    labels = torch.from_numpy(problem.labels)

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits, spikes = network(inputs)
        loss = torch.nn.functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        return loss.detach(), spikes

    task.serve(step)
