"""Cells that wait by cost, for ``least_cost``: a ring of buckets, each a chain of blocks of cells.

The blocks of an emptied bucket serve the next, so the queue is about as large as the front, not as the grid.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

#: With more buckets than this, buckets become wider than the cheapest step and some cells are treated twice.
MOST_BUCKETS = 1 << 20


class Queue(NamedTuple):
    """Waiting cells; block 0 stays unused, so that position 0 means none."""

    pool: Int32s
    """(blocks × cells of a block,) waiting cells."""
    after: Int32s
    """(blocks,) next block of the chain, or of the free ones."""
    first: Int32s
    """(buckets,) first block of each bucket."""
    end: Int32s
    """(buckets,) position in ``pool`` behind the last cell of each bucket, 0 where it is empty."""
    state: Int64s
    """(3,) current bucket, first free block, free blocks left."""


def new_queue(cheapest: float, dearest: float, cells: int) -> tuple[Queue, float]:
    """Empty queue for steps between two costs, and its buckets per unit of cost."""
    wanted = int(min(MOST_BUCKETS, dearest / cheapest * 1.01 + 4))
    buckets = 1 << (wanted - 1).bit_length()
    # A hair narrower than the cheapest step, so that rounding never puts the end of a step into its own bucket.
    width = max(cheapest * 0.999, dearest * 1.01 / (buckets - 2))
    size = 256 if buckets <= 4096 else 32
    blocks = buckets + cells // (8 * size) + 2 * most_blocks(size)
    pool, after = np.empty(blocks * size, dtype=np.int32), np.arange(1, blocks + 1, dtype=np.int32)
    first, end = np.zeros(buckets, dtype=np.int32), np.zeros(buckets, dtype=np.int32)
    return Queue(pool, after, first, end, np.array([0, 1, blocks - 1], dtype=np.int64)), 1.0 / width


def block_size(queue: Queue) -> int:
    """Cells of a block."""
    return len(queue.pool) // len(queue.after)


def put(queue: Queue, cells: Int32s) -> Queue:
    """Let cells of cost 0 wait in an empty queue."""
    size = block_size(queue)
    while queue.state[2] * size < len(cells) + size:
        queue = grown(queue)
    for at in range(0, len(cells), size):
        part = cells[at : at + size]
        block = int(queue.state[1])
        if at:
            queue.after[(int(queue.end[0]) - 1) // size] = block
        else:
            queue.first[0] = block
        queue.state[1:] = queue.after[block], queue.state[2] - 1
        queue.pool[block * size : block * size + len(part)] = part
        queue.end[0] = block * size + len(part)
    return queue


def grown(queue: Queue) -> Queue:
    """Queue with twice the blocks, everything waiting kept."""
    blocks = len(queue.after)
    after = np.concatenate([queue.after, np.arange(blocks + 1, 2 * blocks + 1, dtype=np.int32)])
    # The old chain of free blocks goes behind the new one.
    after[-1] = queue.state[1]
    queue.state[1:] = blocks, queue.state[2] + blocks
    return queue._replace(pool=np.concatenate([queue.pool, np.empty_like(queue.pool)]), after=after)


@numba.njit(cache=True, nogil=True)
def most_blocks(size: int) -> int:
    """Blocks that the eight neighbours of each cell of one block may ask for."""
    return 8 * size
