/** Known mistakes as bugs of the event-driven implementation, by the name of the habit that they are to be told from. */
import type { CaseJson } from "../../src/oracle/certify/caseJson.ts";
import type { Edits } from "./seeding.ts";

export interface HabitMutant {
  /** Of the habit. */
  readonly habit: string;
  /** A case of the suite that tells it from all other habits. */
  readonly case: string;
  readonly edits?: Edits;
  /** What the program solves in place of the case. */
  readonly change?: (json: CaseJson) => CaseJson;
}

const adjoint = "src/oracle/simulate/adjoint.ts";
const simulate = "src/oracle/simulate/simulate.ts";

const told = "sent[source.index]! += moved;";
const moved = "m.mul(c, cell.p.i) - m.mul(a, cell.p.v)";
const jump = "m.mul(p.v, slope(m, dynamics, after))";
const cutOff = "if (moment?.time === time) moved += m.mul(moment.pull, slope(m, cell.dynamics, before));";
const loop = "for (const event of events.reverse()) {";

/** Deliveries that wait when a spike comes: of the input, or of spikes before it. */
const waiting = `const cut = new Map<unknown, unknown>();
  for (const [k, spike] of events.entries()) {
    if (spike.kind !== "spike") continue;
    const next = events.slice(k + 1).find((e) => e.kind === "delivery" &&
      (e.source.population < 0 || trial.spikes[e.source.population]!.times[e.source.index]! < spike.time));
    if (next) cut.set(spike, next);
  }
  const ends = new Set(cut.values());
  `;

/** What the end of a stretch would do, had it not ended at a spike. */
const end = `undoSpike(exact, cells, event, drive, found, back);
      const next = cut.get(event) as Delivery | undefined;
      if (next) {
        let h = 0n;
        for (const cell of cells.flat()) {
          back(cell, event.time);
          const { math: mm } = exact;
          const state = stateAt(mm, cell, event.time);
          h += mm.mul(cell.p.v, slope(mm, cell.dynamics, state)) - mm.mul(cell.dynamics.c, mm.mul(cell.p.i, state.i));
          if (cell.population === drive.population && drive.moments.length === 0 && exact.loss.kind !== "average_cross_entropy")
            h += mm.mul(mm.mul(drive.shares[cell.index]!, drive.course(cell.index, event.time)), state.v);
        }
        if (exact.loss.kind === "average_cross_entropy") {
          const v = cells[drive.population]!.map((cell) => stateAt(exact.math, cell, event.time).v);
          const sum = v.reduce((total, one) => total + exact.math.exp(one - v[exact.loss.target]!), 0n);
          h += exact.math.div(exact.math.ln(sum), exact.duration);
        }
        const to = next.source.population < 0 ? found.inputTimes : found.spikeTimes[next.source.population]!;
        to[next.source.index]! += h;
        const { preCount } = exact.projections[next.projection]!;
        found.projections[next.projection]!.delay[next.posts[0]! * preCount + next.pre]! += h;
      }
    }`;

/** Whether it is at the instant of one before it, of the input or a population. */
const second = `const isSecond = (exact: ExactCase, found: Adjoint, trial: Trial, { population, index }: { population: number; index: number }) => {
  const times = population < 0 ? exact.inputTimes : trial.spikes[population]!.times;
  return times.indexOf(times[index]!) < index;
};
`;

/**
 * The adjoint where a spike was sent, not where it arrives, is not known yet when the arrival is undone: passes are made
 * until each finds what the one before it has found there.
 */
const early = `let sentTimes: bigint[] = [];
let last: Adjoint | undefined;
export function adjoint(exact: ExactCase, trial: Trial): Adjoint {
  last = undefined;
  sentTimes = [...new Set([...exact.inputTimes, ...trial.spikes.flatMap(({ times }) => times)])].sort((x, y) => (x < y ? -1 : 1));
  for (let n = 0; n < 40; n++) last = pass(exact, trial, sentTimes);
  return last!;
}
function whereSent({ math: m }: ExactCase, { population, index, dynamics, p }: Cell, time: bigint) {
  const seen = last?.samples[sentTimes.indexOf(time)]?.[population]?.[index];
  return seen ? { v: m.div(-seen.lambdaV, dynamics.a), i: m.div(-seen.lambdaI, dynamics.c) } : p;
}
`;

const inputs = "exact.inputSources.forEach((source, k) => {";
const channels = "exact.inputSources.forEach((channel, index) => {";
const later = "/** A later spike keeps V";
const nothing = `function undoNothing(exact: ExactCase, cells: readonly Cell[][], event: Delivery | Spike, back: Back): void {
  const own = event.kind === "spike" ? [cells[event.source.population]![event.neuron]!] : event.posts.map((n) => cells[exact.projections[event.projection]!.to]![n]!);
  for (const cell of own) {
    back(cell, event.time);
    leave(exact.math, cell);
  }
}
`;

const wrongEnds: Edits = {
  [adjoint]: [
    [loop, waiting + loop],
    [
      'if (event.kind === "spike") undoSpike(exact, cells, event, drive, found, back);',
      `if (event.kind === "spike") { ${end}`,
    ],
    ["type Cell, cellsOf, enter, leave }", "type Cell, cellsOf, enter, leave, stateAt }"],
  ],
};

export const habitMutants: readonly HabitMutant[] = [
  {
    habit: "threshold_in_jump",
    case: "reset-below-rest",
    edits: { [adjoint]: [[jump, "m.mul(p.v, slope(m, dynamics, { v: 0n, i: after.i }))"]] },
  },
  {
    habit: "jump_missing",
    case: "recurrent-sigmoid-slow",
    edits: { [adjoint]: [["  p.v = -share;\n", "\n"]] },
  },
  {
    habit: "own_part_missing",
    case: "recurrent-sigmoid-slow",
    edits: { [adjoint]: [[jump, "m.mul(p.v, slope(m, dynamics, before))"]] },
  },
  {
    habit: "nothing_carried",
    case: "recurrent-sigmoid-slow",
    edits: { [adjoint]: [[` -\n    ${jump}`, ""]] },
  },
  {
    habit: "pull_missing",
    case: "linear-shared-times",
    edits: { [adjoint]: [["drive.onSpike(source.population, source.index) -", "0n -"]] },
  },
  {
    habit: "arrivals_missing",
    case: "first-spike-exponential",
    edits: { [adjoint]: [["found.spikeTimes[source.population]![source.index]! +", "0n +"]] },
  },
  {
    habit: "recurrence_missing",
    case: "delayed-linear-usual",
    edits: { [adjoint]: [[told, `if (source.population !== to) ${told}`]] },
  },
  {
    habit: "autapse_missing",
    case: "delayed-linear-usual",
    edits: { [adjoint]: [[told, `if (source.population !== to || pre !== post) ${told}`]] },
  },
  {
    habit: "lambda_v_alone",
    case: "recurrent-sigmoid-slow",
    edits: { [adjoint]: [[moved, "-m.mul(a, cell.p.v)"]] },
  },
  {
    habit: "lambda_i_alone",
    case: "recurrent-sigmoid-slow",
    edits: { [adjoint]: [[moved, "m.mul(c, cell.p.i)"]] },
  },
  {
    habit: "after_spike_missing",
    case: "hidden-spikes",
    edits: {
      [adjoint]: [
        [loop, waiting + loop],
        [
          "else undoDelivery(exact,",
          "else undoDelivery(ends.has(event) ? { ...exact, projections: exact.projections.map((p) => ({ ...p, weight: p.weight.map(() => 0n) })) } : exact,",
        ],
      ],
    },
  },
  { habit: "after_spike_wrong", case: "autapse", edits: wrongEnds },
  { habit: "after_spike_wrong", case: "delayed-average-twice", edits: wrongEnds },
  { habit: "peak_held", case: "peak-at-arrival", edits: { [adjoint]: [[cutOff, ""]] } },
  { habit: "peak_held", case: "delayed-max-equal", edits: { [adjoint]: [[cutOff, ""]] } },
  {
    habit: "coincident_spike_unseen",
    case: "coincident-crossings",
    edits: {
      [adjoint]: [
        ["type Back =", `${second}type Back =`],
        [
          'if (event.kind === "spike") undoSpike(',
          'if (event.source.population >= 0 && isSecond(exact, found, trial, event.source)) undoNothing(exact, cells, event, back);\n    else if (event.kind === "spike") undoSpike(',
        ],
        [later, nothing + later],
      ],
    },
  },
  {
    habit: "delays_ignored",
    case: "delayed-linear-usual",
    change: (json) => ({ ...json, projections: json.projections.map(({ delay, ...rest }) => rest) }),
  },
  {
    habit: "delays_ignored_backwards",
    case: "delayed-linear-usual",
    edits: {
      [adjoint]: [
        ["export function adjoint(", `${early}function pass(`],
        ["!.weight[synapse]! += cell.p.i;", "!.weight[synapse]! += whereSent(exact, cell, sentAt).i;"],
        [moved, "m.mul(c, whereSent(exact, cell, sentAt).i) - m.mul(a, whereSent(exact, cell, sentAt).v)"],
        ["  { math: m, projections }: ExactCase,\n", "  exact: ExactCase,\n"],
        [
          "  const { to, preCount, weight } = projections[projection]!;\n",
          `  const { math: m, projections } = exact;
  const { to, preCount, weight } = projections[projection]!;
  const sentAt = source.population < 0 ? exact.inputTimes[source.index]! : trialNow.spikes[source.population]!.times[source.index]!;
`,
        ],
        [
          "  const events = history(exact, trial);\n",
          "  const events = history(exact, trial);\n  trialNow = trial;\n",
        ],
        ["type Back =", "let trialNow: Trial;\ntype Back ="],
      ],
    },
  },
  {
    habit: "coincident_input_unseen",
    case: "same-synapse-twice",
    edits: {
      [adjoint]: [
        ["type Back =", `${second}type Back =`],
        [
          'if (event.kind === "spike") undoSpike(',
          `if (event.source.population < 0 && isSecond(exact, found, trial, event.source)) undoNothing(exact, cells, event as Delivery, back);\n    else if (event.kind === "spike") undoSpike(`,
        ],
        [later, nothing + later],
      ],
    },
  },
  {
    habit: "coincident_spike_lost",
    case: "coincident-crossings",
    edits: {
      [simulate]: [
        [
          "for (const neuron of crossing) emit(neuron, first);",
          `for (const neuron of crossing.slice(0, 1)) emit(neuron, first);
      for (const neuron of crossing.slice(1)) Object.assign(neuron, { crossing: undefined, threshold: exact.math.one << 60n });`,
        ],
        [
          "for (const { population, index } of crossing) send(",
          "for (const { population, index } of crossing.slice(0, 1)) send(",
        ],
      ],
    },
  },
  {
    habit: "coincident_input_lost",
    case: "same-synapse-twice",
    edits: {
      [simulate]: [[inputs, `${inputs}\n    if (exact.inputTimes[k] === exact.inputTimes[k - 1]) return;`]],
      "src/oracle/simulate/history.ts": [
        [channels, `${channels}\n    if (exact.inputTimes[index] === exact.inputTimes[index - 1]) return;`],
      ],
    },
  },
];
