"""Both passes through time written out, over one buffer: currents, then voltages, then the gradients of the currents.

Per step forward: I = beta I + current + W s, V = alpha V + gain I, s = [V >= 1], V = 0 where s. Backward the same in reverse,
with the arctan's slope in the place of ds/dV, and no gradient through the reset. The readout is linear, so that its mean
voltage is a weighted sum of the spikes.
"""

import torch

from surrogate import SHARPNESS, slope

CHUNK = 10


class ByHand:
    def __init__(self, alpha, beta, gain, kernel, sharpness=SHARPNESS):
        self.constants = alpha, beta, gain, sharpness
        self.kernel = torch.from_numpy(kernel)

    def __call__(self, inputs, w_in, w_rec, w_out):
        weighted, count = Hidden.apply(w_in, w_rec, inputs, self.kernel, self.constants)
        return weighted @ w_out.T, count


class Hidden(torch.autograd.Function):
    """Hidden spikes weighted by `kernel` and summed over the steps, [batch][hidden]; and their number."""

    @staticmethod
    def forward(ctx, w_in, w_rec, inputs, kernel, constants):
        steps, batch = inputs.shape
        buffer = (inputs.forward @ w_in.T.contiguous()).view(steps, batch, -1)
        zero = buffer.new_zeros(buffer.shape[1:])
        state = (zero, zero, zero, zero, zero)
        # Subtracted: a sum would be compiled to `addmm`, which first copies what it adds to.
        negative = -w_rec.T.contiguous()
        for currents, weights in zip(buffer.split(CHUNK), kernel.split(CHUNK)):
            state = forward_steps(currents, weights, negative, *state, *constants[:3])
        ctx.save_for_backward(w_rec)
        ctx.rest = buffer, inputs, kernel, constants
        count = state[4].sum()
        ctx.mark_non_differentiable(count)
        return state[3], count

    @staticmethod
    def backward(ctx, grad, _):
        (w_rec,) = ctx.saved_tensors
        buffer, inputs, kernel, constants = ctx.rest
        steps, batch, hidden = buffer.shape
        spikes = (buffer >= 1).to(buffer.dtype)
        zero = torch.zeros_like(grad)
        negative = -w_rec
        state = (zero, zero, zero)
        for voltages, weights in zip(reversed(buffer.split(CHUNK)), reversed(kernel.split(CHUNK))):
            state = backward_steps(voltages, weights, grad, negative, *state, *constants)
        flat = buffer.view(-1, hidden)
        of_recurrent = flat[batch:].T @ spikes.view(-1, hidden)[:-batch]
        of_input = (inputs.backward @ flat).T
        return of_input, of_recurrent, None, None, None


@torch.compile(dynamic=False)
def forward_steps(currents, weights, negative, i, v, s, weighted, counts, alpha, beta, gain):
    for k in range(len(currents)):
        i = beta * i + currents[k] - s @ negative
        v = alpha * v + gain * i
        currents[k] = v
        s = (v >= 1).to(v.dtype)
        v = torch.where(v >= 1, 0, v)
        weighted = weighted + weights[k] * s
        counts = counts + s
    return i, v, s, weighted, counts


@torch.compile(dynamic=False)
def backward_steps(voltages, weights, grad, negative, g_v, g_i, g_current, alpha, beta, gain, sharpness):
    for k in range(len(voltages) - 1, -1, -1):
        v = voltages[k]
        g_s = weights[k] * grad - g_current @ negative
        g = torch.where(v >= 1, 0, g_v) + g_s * slope(v - 1, sharpness)
        g_current = gain * g + g_i
        voltages[k] = g_current
        g_i = beta * g_current
        g_v = alpha * g
    return g_v, g_i, g_current
