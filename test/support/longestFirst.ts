/** The files that take minutes start first: what starts last alone decides when all are through. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

const longest = ["conformance/mutants", "python/package", "kernel/layoutVersion"];

function rank({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
  return place < 0 ? longest.length : place;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...(await super.sort(files))].sort((a, b) => rank(a) - rank(b));
  }
}
