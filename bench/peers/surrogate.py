"""The spike of the PyTorch programs: a step forward, the slope of an arctan backward."""

import math

import torch

WIDTH = 2.0  # SpikingJelly's and snnTorch's default


def slope(distance):
    """d/dx of atan(pi WIDTH x / 2) / pi, x = V - threshold."""
    return (WIDTH / 2) / (1 + (math.pi / 2 * WIDTH * distance) ** 2)


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, distance):
        ctx.save_for_backward(distance)
        return (distance >= 0).to(distance.dtype)

    @staticmethod
    def backward(ctx, grad):
        (distance,) = ctx.saved_tensors
        return grad * slope(distance)
