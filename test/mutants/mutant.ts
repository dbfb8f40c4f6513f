/** A seeded bug. */
export interface Mutant {
  /**
   * Of the event-driven or the time-stepped implementation, or of what runs a batch of trials; or of the kit: what asks
   * workers, what judges results, lists of expected failures.
   */
  readonly of: "event" | "step" | "batch" | "worker" | "judging" | "expected";
  readonly name: string;
  /** From the repository's root. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
}
