"""Inputs as a sparse matrix: one in ten of the bins holds a spike, so that a dense product is mostly zeros."""

import numpy as np
import torch


class SparseInputs:
    """A batch as [steps batch][channels] and transposed, both by rows: neither pass has to transpose."""

    def __init__(self, task, trials):
        steps, places, channels = task.cells(trials)
        self.shape = task.steps, len(trials)
        rows = steps * len(trials) + places
        size = (task.steps * len(trials), task.channels)
        self.forward = by_rows(rows, channels, size)
        self.backward = by_rows(channels, rows, size[::-1])


def by_rows(rows, columns, size):
    cells, counts = np.unique(rows * size[1] + columns, return_counts=True)
    starts = np.searchsorted(cells, np.arange(size[0] + 1) * size[1])
    return torch.sparse_csr_tensor(
        torch.from_numpy(starts.astype(np.int32)),
        torch.from_numpy((cells % size[1]).astype(np.int32)),
        torch.from_numpy(counts.astype(np.float32)),
        size,
        check_invariants=False,
    )
