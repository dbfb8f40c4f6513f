/** The line of a point that has come to its end. */
import type { PointResult } from "../../study/pointResult.ts";
import { type Point, pointText } from "../../study/points.ts";
import { wilsonInterval } from "../../training/confidence.ts";
import { intervalText, pairsLine } from "../lines.ts";

/** `point=1f0c… network.hidden.0.size=64 seed=1 epochs=20 test_accuracy=0.8043 test_interval=0.7812-0.8255` */
export function resultLine(point: Point, { epochs, validation, test }: PointResult): string {
  const scores = pairsLine({
    epochs,
    ...(validation && scorePairs("validation", validation)),
    ...(test && scorePairs("test", test)),
  });
  return `point=${point.hash} ${pointText(point)} ${scores}`;
}

function scorePairs(part: string, { accuracy, trials }: { accuracy: number; trials: number }) {
  return {
    [`${part}_accuracy`]: accuracy.toFixed(4),
    [`${part}_interval`]: intervalText(wilsonInterval(accuracy, trials)),
  };
}

/** `point=1f0c… network.hidden.0.size=64 seed=1 failed: …` */
export function failureLine(point: Point, line: string): string {
  return `point=${point.hash} ${pointText(point)} failed: ${line}`;
}
