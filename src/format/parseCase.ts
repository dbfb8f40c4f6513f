/** From the JSON of a case file to a checked case. Needs no file system. */

import { parseWith } from "../base/parseWith.ts";
import type { Case } from "../model/case.ts";
import { checkInput } from "../model/checkInput.ts";
import type { SpikeTrain } from "../model/network.ts";
import { type ArraySource, type ReadBlob, readVector } from "./arrays.ts";
import { caseSchema, expectedCaseSchema, type RawCase } from "./caseSchema.ts";
import { parseLoss } from "./parseLoss.ts";
import { parseNetwork } from "./parseNetwork.ts";

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
  const network = parseNetwork(raw.input.channels, raw.populations, raw.projections, path, from);
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
