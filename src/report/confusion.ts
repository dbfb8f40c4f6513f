/** Which class was taken for which, in numbers. */
import type { TrialOutcome } from "../training/records.ts";

export interface Confusion {
  /** [label][predicted]; behind the classes a column of trials without an answer. */
  readonly counts: readonly Uint32Array[];
  /** Trials per label. */
  readonly trials: Uint32Array;
}

/** One kind of mistake; trials without an answer are predicted as the class behind the last. */
export interface Mistake {
  readonly label: number;
  readonly predicted: number;
  readonly trials: number;
}

export function confusionOf(
  outcomes: readonly Pick<TrialOutcome, "label" | "predicted">[],
  classes: number,
): Confusion {
  const counts = Array.from({ length: classes }, () => new Uint32Array(classes + 1));
  const trials = new Uint32Array(classes);
  for (const { label, predicted } of outcomes) {
    counts[label]![predicted < 0 ? classes : predicted]!++;
    trials[label]!++;
  }
  return { counts, trials };
}

/** Trials for which every output stayed silent. */
export function unanswered({ counts }: Confusion): number {
  return counts.reduce((sum, row) => sum + row.at(-1)!, 0);
}

/** Share of a label's trials that were predicted so; 0 where it has none. */
export function shareOf({ counts, trials }: Confusion, label: number, predicted: number): number {
  return trials[label] === 0 ? 0 : counts[label]![predicted]! / trials[label]!;
}

/** The most frequent mistakes, at most `most`, in order. */
export function mistakes({ counts }: Confusion, most: number): Mistake[] {
  const found = counts.flatMap((row, label) =>
    Array.from(row, (trials, predicted) => ({ label, predicted, trials })),
  );
  return found
    .filter(({ label, predicted, trials }) => label !== predicted && trials > 0)
    .sort((a, b) => b.trials - a.trials)
    .slice(0, most);
}
