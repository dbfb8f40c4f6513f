/** What is different between two runs: what was asked, verdicts, and errors that have grown though they are still granted. */
import { propertiesOf, type RunAbout } from "../verdict/runReport.ts";
import { isWrong, shareOf, worstOf } from "../verdict/verdict.ts";
import type { KeptRun, KeptVerdict } from "./keptRuns.ts";

export type Change =
  | {
      readonly kind: "verdict";
      readonly name: string;
      readonly before: KeptVerdict;
      readonly after: KeptVerdict;
    }
  | { readonly kind: "new"; readonly name: string; readonly after: KeptVerdict }
  | { readonly kind: "gone"; readonly name: string; readonly before: KeptVerdict }
  | {
      readonly kind: "grown";
      readonly name: string;
      readonly part: string;
      /** Error over what is granted. */
      readonly before: number;
      readonly after: number;
    };

export interface Difference {
  /** What was asked otherwise, as `class T3, before T2`. */
  readonly asked: readonly string[];
  /** In the order of the later run; what is gone comes last. */
  readonly changes: readonly Change[];
  /** Cases of the earlier run that the later, unfinished, did not come to. */
  readonly unreached: number;
}

/** What verdicts depend on besides the backend. */
const asked = [
  "class",
  "convention",
  "switches",
  "dt",
  "precision",
  "rtol",
  "tensors",
  "require",
  "suite_version",
  "version",
] as const satisfies readonly (keyof RunAbout)[];

export function differenceOf(earlier: KeptRun, later: KeptRun): Difference {
  const others = askedOtherwise(earlier.about, later.about);
  const changes = [...later.verdicts].flatMap(([name, after]): Change[] => {
    const before = earlier.verdicts.get(name);
    if (!before) return [{ kind: "new", name, after }];
    if (isOther(before, after)) return [{ kind: "verdict", name, before, after }];
    return others.length > 0 ? [] : grown(name, before, after);
  });
  const gone = [...earlier.verdicts]
    .filter(([name]) => !later.verdicts.has(name))
    .map(([name, before]): Change => ({ kind: "gone", name, before }));
  const isCut = later.unfinished !== undefined;
  return {
    asked: others,
    changes: isCut ? changes : [...changes, ...gone],
    unreached: isCut ? gone.length : 0,
  };
}

function askedOtherwise(earlier: RunAbout, later: RunAbout): string[] {
  const [then, now] = [propertiesOf(earlier), propertiesOf(later)];
  return asked
    .filter((name) => then.get(name) !== now.get(name))
    .map((name) => `${name} ${now.get(name) ?? "none"}, before ${then.get(name) ?? "none"}`);
}

/** Numbers of a failure move a little from run to run; which parts are wrong does not. */
function isOther(before: KeptVerdict, after: KeptVerdict): boolean {
  const wrong = ({ parts, message }: KeptVerdict) =>
    parts.length === 0 ? message : parts.filter(isWrong).map(({ name, status }) => `${name} ${status}`);
  return before.status !== after.status || String(wrong(before)) !== String(wrong(after));
}

const muchMore = 10;
/** A lesser share of what is granted counts as this: the last bits of sums in another order are no growth. */
const leastShare = 1e-6;

/** The part that takes most of what is granted, if it takes much more than before. */
function grown(name: string, { parts: old }: KeptVerdict, { parts }: KeptVerdict): Change[] {
  const shares = new Map(old.map((part) => [part.name, shareOf(part)]));
  const more = parts.filter((part) => {
    const [before, after] = [shares.get(part.name), shareOf(part)];
    if (before === undefined || after === undefined) return false;
    return after > muchMore * Math.max(before, leastShare);
  });
  const worst = worstOf(more);
  if (!worst) return [];
  const [before, after] = [shares.get(worst.name)!, shareOf(worst)!];
  return [{ kind: "grown", name, part: worst.name, before, after }];
}
