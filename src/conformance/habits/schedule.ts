/** In which order a pass backwards with a habit comes to a trial's events, and which of them it treats in another way. */
import { type Arrival, type Event, inOrder, type Sender, type Spike } from "./events.ts";
import type { Habit, Lost } from "./habit.ts";

/** An event where the pass comes to it. */
export interface Step {
  readonly event: Event;
  /** ms */
  readonly time: number;
  /** Of an arrival that the habit sees at another time: whether this is that time, or the right one. */
  readonly part: "both" | "habit" | "right";
}

/** Backwards. */
export function stepsOf(events: readonly Event[], { withoutDelays }: Habit): Step[] {
  const steps = events.flatMap((event): Step[] => {
    const { time } = event;
    if (!withoutDelays || event.kind !== "arrival" || event.sender.time === time)
      return [{ event, time, part: "both" }];
    return [
      { event, time, part: "right" },
      { event, time: event.sender.time, part: "habit" },
    ];
  });
  return inOrder(steps).reverse();
}

/** Those that come at the instant of one before them, of neurons or of the input. */
export function lostOf(events: readonly Event[], loses: Lost | undefined): Set<Sender> {
  const lost = new Set<Sender>();
  if (loses === undefined) return lost;
  const senders = events.flatMap((event) => {
    if (event.kind === "spike") return [event];
    return event.kind === "arrival" && event.sender.population < 0 ? [event.sender] : [];
  });
  const first = new Map<number, Sender>();
  for (const sender of senders) {
    if (sender.population < 0 !== (loses === "inputs")) continue;
    const before = first.get(sender.time);
    if (!before) first.set(sender.time, sender);
    else if (before !== sender) lost.add(sender);
  }
  return lost;
}

/**
 * Of each spike, the first arrival that was waiting when it cut short a stretch of time that was to end with that arrival:
 * of the input, or of an earlier spike.
 */
export function waitingOf(events: readonly Event[]): Map<Spike, Arrival> {
  const waiting = new Map<Spike, Arrival>();
  for (const [k, event] of events.entries()) {
    if (event.kind !== "spike") continue;
    for (let n = k + 1; n < events.length; n++) {
      const next = events[n]!;
      if (next.kind !== "arrival") continue;
      if (next.sender.population >= 0 && next.sender.time >= event.time) continue;
      waiting.set(event, next);
      break;
    }
  }
  return waiting;
}
