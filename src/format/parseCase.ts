/** From the JSON of a case file, format `goldspike/case@1`, to a checked case. Needs no file system. */
import { z } from "zod";
import { parseWith } from "../base/parseWith.ts";
import type { Case } from "../model/case.ts";
import { checkInput } from "../model/checkInput.ts";
import type { SpikeTrain } from "../model/network.ts";
import { arraySchema } from "./arraySchemas.ts";
import { type ArraySource, type ReadBlob, readVector } from "./arrays.ts";
import { lossSchema } from "./lossSchema.ts";
import { parseLoss } from "./parseLoss.ts";
import { checkedNetwork, countSchema, populationSchema, projectionSchema } from "./parseNetwork.ts";

/** Before shapes and references are checked. */
export const caseSchema = z.strictObject({
  format: z.literal("goldspike/case@1"),
  name: z.string().describe("A result repeats it."),
  note: z.string().optional().describe("For people."),
  time_unit: z.literal("ms"),
  duration: z.number().meta({ description: "T in ms: a trial is [0, T).", exclusiveMinimum: 0 }),
  input: z
    .strictObject({
      channels: countSchema.describe("Number of input channels."),
      times: arraySchema.describe("ms, ascending, in [0, duration)."),
      sources: arraySchema.describe("Channel of each input spike."),
    })
    .describe("Input spikes."),
  populations: z.array(populationSchema).min(1).describe("Of neurons."),
  projections: z.array(projectionSchema).describe("Synapses between populations, or from the input."),
  loss: lossSchema.describe("What gradients are of."),
});

/** A case with the values a correct implementation must produce, which are not looked at here. */
const expectedCaseSchema = z.strictObject({ case: caseSchema, expected: z.unknown() });

type RawCase = z.output<typeof caseSchema>;

type Path = readonly PropertyKey[];

/**
 * The case that `json` describes, defaults filled in; times in ms.
 *
 * @param json a case of the format `goldspike/case@1`, or an object `{"case": …, "expected": …}` around one
 * @param readBlob gives the bytes of an array kept in a file of its own; without it such arrays are refused
 * @param source what `json` was read from; starts the error message
 * @throws ConfigError one line naming the first thing that is wrong: JSON path, what was expected, value found
 */
export function parseCase(json: unknown, readBlob?: ReadBlob, source = "case"): Case {
  const from = { source, readBlob };
  const wrapped = typeof json === "object" && json !== null && "case" in json && !("format" in json);
  return wrapped
    ? checked(parseWith(expectedCaseSchema, json, source).case, ["case"], from)
    : checked(parseWith(caseSchema, json, source), [], from);
}

function checked(raw: RawCase, path: Path, from: ArraySource): Case {
  const { name, note, duration } = raw;
  const network = checkedNetwork(raw.input.channels, raw.populations, raw.projections, path, from);
  const input = parseInput(raw, [...path, "input"], from);
  return {
    name,
    note,
    duration,
    network,
    input,
    loss: parseLoss(raw.loss, network, duration, [...path, "loss"], from),
  };
}

function parseInput({ input, duration }: RawCase, path: Path, from: ArraySource): SpikeTrain {
  const times = readVector(input.times, [...path, "times"], from);
  const sources = readVector(input.sources, [...path, "sources"], from);
  checkInput({ times, sources }, input.channels, duration, from.source, path);
  return { times, sources: Int32Array.from(sources) };
}
