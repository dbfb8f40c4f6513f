/** Successive halving, against the rule played through step by step. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Progress, planOf } from "../../src/study/halving.ts";
import type { Point } from "../../src/study/points.ts";

const most = 40;

/** Points whose accuracy after every epoch is known beforehand; `done` epochs of it are there. */
interface Runs {
  readonly points: Point[];
  readonly accuracies: ReadonlyMap<string, readonly number[]>;
}

function runsOf(table: readonly (readonly (readonly number[])[])[]): Runs {
  const accuracies = new Map<string, readonly number[]>();
  const points = table.flatMap((seeds, combination) =>
    seeds.map((values, seed) => {
      const hash = `${combination}-${seed}`;
      accuracies.set(hash, values);
      return { hash, combination, seed, config: { epochs: most } } as unknown as Point;
    }),
  );
  return { points, accuracies };
}

const accuracy = fc.integer({ min: 0, max: 20 }).map((value) => value / 20);
const curves = fc.array(
  fc.array(fc.array(accuracy, { minLength: most, maxLength: most }), { minLength: 2, maxLength: 2 }),
  { minLength: 1, maxLength: 12 },
);

/** Epochs to which each combination is trained in the end. */
function played(table: readonly (readonly (readonly number[])[])[], first: number, factor: number): number[] {
  const epochs = table.map(() => Math.min(first, most));
  let alive = table.map((_, k) => k);
  for (let rung = first; rung < most; rung *= factor) {
    const score = (k: number) =>
      table[k]!.map((values) => Math.max(...values.slice(0, rung))).reduce((a, b) => a + b) /
      table[k]!.length;
    const ranked = [...alive].sort((a, b) => score(b) - score(a) || a - b);
    alive = ranked.slice(0, Math.ceil(alive.length / factor));
    for (const k of alive) epochs[k] = Math.min(rung * factor, most);
  }
  return epochs;
}

test("whoever trains what first, each combination ends after the rule's epochs", () => {
  fc.assert(
    fc.property(
      curves,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 2, max: 4 }),
      fc.infiniteStream(fc.nat()),
      (table, first, factor, choices) => {
        const { points, accuracies } = runsOf(table);
        const done = new Map(points.map(({ hash }) => [hash, 0]));
        const progressOf = ({ hash }: Point): Progress => ({
          accuracies: accuracies.get(hash)!.slice(0, done.get(hash)),
          ...{ isOver: false, hasFailed: false },
        });
        for (;;) {
          const plan = planOf(points, { epochs: first, factor }, progressOf);
          const open = points.filter(({ hash }) => done.get(hash)! < plan.epochs.get(hash)!);
          if (open.length === 0) {
            expect(plan.openAt).toBe(undefined);
            break;
          }
          const { hash } = open[choices.next().value! % open.length]!;
          // An epoch, or all that are asked for.
          const step = choices.next().value! % 2 === 0 ? 1 : Infinity;
          done.set(hash, Math.min(done.get(hash)! + step, plan.epochs.get(hash)!));
        }
        const expected = played(table, first, factor);
        expect(points.map(({ hash }) => done.get(hash))).toEqual(
          points.map(({ combination }) => expected[combination]),
        );
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});

test("a combination with a failed run does not go on before one without", () => {
  const good = new Array<number>(most).fill(0.1);
  const better = new Array<number>(most).fill(0.9);
  const { points, accuracies } = runsOf([[better], [good], [good]]);
  const plan = planOf(points, { epochs: 4, factor: 3 }, ({ hash, combination }) => ({
    accuracies: accuracies.get(hash)!.slice(0, 4),
    ...{ isOver: combination === 0, hasFailed: combination === 0 },
  }));
  expect(points.map(({ hash }) => plan.epochs.get(hash))).toEqual([4, 12, 4]);
});

test("without halving all are trained to the end", () => {
  const { points } = runsOf([[[]], [[]]]);
  const plan = planOf(points, undefined, () => expect.unreachable());
  expect([...plan.epochs.values(), plan.openAt]).toEqual([most, most, undefined]);
});
