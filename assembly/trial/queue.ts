/** Deliveries on their way, in time order: a binary heap. Ties keep the order (origin, projection), so runs repeat. */
import { isBefore } from "../maths/double_double";
import { bytesOf, entryOf, Table } from "../memory";

/** A delivery on its way. */
@unmanaged
export class Pending {
  /** Time hi + lo of its arrival in ms. */
  hi: f64;
  lo: f64;
  origin: u32;
  projection: u32;
  /** Next synapse of the row's `order`. */
  next: u32;
}

@unmanaged
export class Queue {
  pending: Table<Pending>;
  count: u32;
}

function pendingAt(queue: Queue, k: u32): Pending {
  return entryOf<Pending>(queue.pending, k);
}

function precedes(a: Pending, b: Pending): bool {
  if (a.hi != b.hi || a.lo != b.lo) return isBefore(a.hi, a.lo, b.hi, b.lo);
  if (a.origin != b.origin) return a.origin < b.origin;
  return a.projection < b.projection;
}

function assign(to: Pending, from: Pending): void {
  memory.copy(changetype<usize>(to), changetype<usize>(from), bytesOf<Pending>());
}

/** The earliest delivery; the queue must not be empty. */
export function earliestPending(queue: Queue): Pending {
  assert(queue.count > 0);
  return pendingAt(queue, 0);
}

export function push(queue: Queue, hi: f64, lo: f64, origin: u32, projection: u32, next: u32): void {
  // The slot after the last serves as the item in hand.
  let hole = queue.count++;
  const item = pendingAt(queue, hole + 1);
  item.hi = hi;
  item.lo = lo;
  item.origin = origin;
  item.projection = projection;
  item.next = next;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (!precedes(item, pendingAt(queue, parent))) break;
    assign(pendingAt(queue, hole), pendingAt(queue, parent));
    hole = parent;
  }
  assign(pendingAt(queue, hole), item);
}

/** Removes the earliest delivery. */
export function pop(queue: Queue): void {
  assert(queue.count > 0);
  const count = --queue.count;
  const item = pendingAt(queue, count);
  let hole: u32 = 0;
  for (;;) {
    let child: u32 = 2 * hole + 1;
    if (child >= count) break;
    if (child + 1 < count && precedes(pendingAt(queue, child + 1), pendingAt(queue, child))) child++;
    if (!precedes(pendingAt(queue, child), item)) break;
    assign(pendingAt(queue, hole), pendingAt(queue, child));
    hole = child;
  }
  if (hole != count) assign(pendingAt(queue, hole), item);
}
