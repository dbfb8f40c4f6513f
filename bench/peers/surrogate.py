"""The spike of the PyTorch programs: a step forward, the slope of an arctan backward."""

import math

import torch

SHARPNESS = 2.0  # SpikingJelly's and snnTorch's default


def slope(distance, sharpness=SHARPNESS):
    """The derivative of an arctan by x = V - threshold, 1 at the threshold whatever its sharpness.

    A sharper one of the same area would be higher, and gradients that pass through hundreds of spikes would grow without
    bounds.
    """
    return 1 / (1 + (math.pi / 2 * sharpness * distance) ** 2)


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, distance):
        ctx.save_for_backward(distance)
        return (distance >= 0).to(distance.dtype)

    @staticmethod
    def backward(ctx, grad):
        (distance,) = ctx.saved_tensors
        return grad * slope(distance)
