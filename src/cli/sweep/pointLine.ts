/** The line of a point that has come to its end. */
import { type Point, pointText } from "../../study/points.ts";
import type { PointResult } from "../../study/standing.ts";
import { pairsLine } from "../lines.ts";

/** `point=1f0c… network.hidden.0.size=64 seed=1 epochs=20 validation_accuracy=0.8120 test_accuracy=0.8043` */
export function resultLine(point: Point, { epochs, validation, test }: PointResult): string {
  const scores = pairsLine({
    epochs,
    ...(validation && { validation_accuracy: validation.accuracy.toFixed(4) }),
    ...(test && { test_accuracy: test.accuracy.toFixed(4) }),
  });
  return `point=${point.hash} ${pointText(point)} ${scores}`;
}

/** `point=1f0c… network.hidden.0.size=64 seed=1 failed: …` */
export function failureLine(point: Point, line: string): string {
  return `point=${point.hash} ${pointText(point)} failed: ${line}`;
}
