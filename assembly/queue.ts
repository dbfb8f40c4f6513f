/** Deliveries on their way, in time order: a binary heap. Ties keep the order (origin, projection), so runs repeat. */
import { Pending, Plan } from "./plan";

function pendingAt(plan: Plan, k: u32): Pending {
  return changetype<Pending>(plan.pending + <usize>k * offsetof<Pending>());
}

function precedes(a: Pending, b: Pending): bool {
  if (a.hi != b.hi) return a.hi < b.hi;
  if (a.lo != b.lo) return a.lo < b.lo;
  if (a.origin != b.origin) return a.origin < b.origin;
  return a.projection < b.projection;
}

function assign(to: Pending, from: Pending): void {
  memory.copy(changetype<usize>(to), changetype<usize>(from), offsetof<Pending>());
}

/** The earliest delivery; the queue must not be empty. */
export function earliestPending(plan: Plan): Pending {
  assert(plan.pendingCount > 0);
  return pendingAt(plan, 0);
}

export function push(plan: Plan, hi: f64, lo: f64, origin: u32, projection: u32, next: u32): void {
  // The slot after the last serves as the item in hand.
  let hole = plan.pendingCount++;
  const item = pendingAt(plan, hole + 1);
  item.hi = hi;
  item.lo = lo;
  item.origin = origin;
  item.projection = projection;
  item.next = next;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (!precedes(item, pendingAt(plan, parent))) break;
    assign(pendingAt(plan, hole), pendingAt(plan, parent));
    hole = parent;
  }
  assign(pendingAt(plan, hole), item);
}

/** Removes the earliest delivery. */
export function pop(plan: Plan): void {
  assert(plan.pendingCount > 0);
  const count = --plan.pendingCount;
  const item = pendingAt(plan, count);
  let hole: u32 = 0;
  for (;;) {
    let child: u32 = 2 * hole + 1;
    if (child >= count) break;
    if (child + 1 < count && precedes(pendingAt(plan, child + 1), pendingAt(plan, child))) child++;
    if (!precedes(pendingAt(plan, child), item)) break;
    assign(pendingAt(plan, hole), pendingAt(plan, child));
    hole = child;
  }
  if (hole != count) assign(pendingAt(plan, hole), item);
}
