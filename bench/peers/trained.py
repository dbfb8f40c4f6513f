"""A training step of the systems that PyTorch differentiates: cross-entropy of mean readout voltages, Adam."""

import torch

import task


def serve(chosen, problem, network):
    """`network` takes counts [steps][batch][channels] and returns mean voltages [batch][classes] and hidden spikes."""
    optimizer = torch.optim.Adam(network.parameters(), lr=chosen.lr, fused=True)
    inputs = torch.from_numpy(problem.binned())
    labels = torch.from_numpy(problem.labels)

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits, spikes = network(inputs)
        loss = torch.nn.functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        return loss.detach(), spikes.detach()

    task.serve(step)


def dense(weights):
    """A `Linear` without bias of these weights [post][pre]."""
    layer = torch.nn.Linear(weights.shape[1], weights.shape[0], bias=False)
    layer.weight = torch.nn.Parameter(torch.from_numpy(weights).clone())
    return layer


def start():
    """The arguments and the task."""
    chosen = task.arguments()
    torch.set_num_threads(chosen.threads)
    return chosen, task.Task(chosen.task, chosen.dt)
