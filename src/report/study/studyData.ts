/** What the report of a study tells, as plain data; accuracies are fractions. */

/** Over the runs of a combination of settings; of one run the deviation is 0. */
export interface Accuracy {
  readonly mean: number;
  readonly deviation: number;
  /** Of 95 %. */
  readonly interval: { readonly low: number; readonly high: number };
}

/** A combination of settings that has a result. */
export interface Combined {
  /** By axis, as people read them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Which of an axis's values, or bins, it has. */
  readonly places: Readonly<Record<string, string>>;
  /** Of the part that is compared. */
  readonly accuracy: Accuracy;
  readonly test: Accuracy | undefined;
  /** Mean over the classes. */
  readonly recall: number;
  readonly runs: number;
  readonly epochs: number;
  /** Of a run, on average. */
  readonly seconds: number;
}

/** A run's accuracy over its epochs. */
export interface Curve {
  readonly name: string;
  readonly values: readonly { readonly epoch: number; readonly value: number }[];
}

export interface StudyData {
  readonly title: string;
  /** Of goldspike. */
  readonly version: string;
  /** ISO 8601. */
  readonly date: string;
  /** The study as YAML. */
  readonly settings: string;
  readonly points: { readonly all: number; readonly finished: number; readonly failed: number };
  /** What varies: every axis with its values, or bins of many numbers, in their order. */
  readonly axes: readonly {
    readonly name: string;
    readonly values: readonly string[];
    /** Whether the values are numbers, so that what lies between two of them means something. */
    readonly isNumeric: boolean;
  }[];
  /** On which part combinations are compared. */
  readonly part: "validation" | "test";
  /** The best first. */
  readonly combinations: readonly Combined[];
  /** Of the best combinations, the best first. */
  readonly curves: readonly Curve[];
  /** Whose values tell the curves apart. */
  readonly curveAxes: readonly string[];
  /** Of which part the curves are. */
  readonly curvePart: "validation" | "training";
  readonly failures: readonly { readonly name: string; readonly line: string }[];
  /** Of all runs, one after another. */
  readonly seconds: number;
}
