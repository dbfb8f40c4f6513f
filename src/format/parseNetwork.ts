/** Networks of files: their populations and projections, in a case or in a file of their own, `goldspike/network@1`. */
import { z } from "zod";
import { parseWith } from "../base/parseWith.ts";
import { checkDelay, checkEnds, checkPopulations, checkSize } from "../model/checkNetwork.ts";
import { inputName, mostNeurons, type Network, type Population, type Projection } from "../model/network.ts";
import {
  type FileName,
  mapParameters,
  type Parameter,
  type Parameters,
  parameterNames,
  parameters,
} from "../model/parameters.ts";
import { arraySchema, numberOrArraySchema } from "./arraySchemas.ts";
import { type ArraySource, type RawArray, type ReadBlob, readArray } from "./arrays.ts";

export const countSchema = z
  .number()
  .refine(
    (count) => Number.isInteger(count) && count >= 1 && count <= mostNeurons,
    `expected an integer from 1 to ${mostNeurons}`,
  )
  .meta({ type: "integer", minimum: 1, maximum: mostNeurons });

/** Populations are keys of the result's objects, where `__proto__` would be lost. */
const nameSchema = z
  .string()
  .min(1)
  .refine(
    (name) => name !== inputName && name !== "__proto__",
    `expected a name other than "${inputName}" and "__proto__"`,
  )
  .meta({ not: { enum: [inputName, "__proto__"] } });

type WithDefault = z.ZodDefault<typeof numberOrArraySchema>;
type ParameterShape = {
  [P in Parameter as FileName<P>]: Parameters[P]["default"] extends number
    ? WithDefault
    : typeof numberOrArraySchema;
};
/** For whoever writes a case with the schema at hand. */
const parameterTexts: Readonly<Record<Parameter, string>> = {
  tauMem: "Membrane time constant, ms.",
  tauSyn: "Synaptic time constant, ms.",
  threshold: "V that makes a `lif` neuron spike when it is reached from below.",
  reset: "V right after a spike.",
  bias: "Constant current, in units of V.",
  v0: "V at time 0.",
  i0: "I at time 0, in units of V.",
};
const parameterShape = Object.fromEntries(
  parameterNames.map((name) => {
    const { file, default: value } = parameters[name];
    const schema = value === undefined ? numberOrArraySchema : numberOrArraySchema.default(value);
    return [file, schema.describe(parameterTexts[name])];
  }),
);

export const populationSchema = z.strictObject({
  name: nameSchema.describe("Other than all others, and than `input`."),
  size: countSchema.describe("Number of neurons."),
  model: z.enum(["lif", "li"]).describe("lif: spikes; li: leaky integrator, never spikes."),
  ...(parameterShape as ParameterShape),
});

export const projectionSchema = z.strictObject({
  from: z.string().describe("A population, or `input`."),
  to: z.string().describe("A population."),
  weight: arraySchema.describe("[post][pre]; what a spike adds to I."),
  delay: numberOrArraySchema.default(0).describe("ms; a number, or [post][pre]."),
});

/** Before shapes and references are checked. */
export const networkSchema = z.strictObject({
  format: z.literal("goldspike/network@1"),
  note: z.string().optional().describe("For people."),
  time_unit: z.literal("ms"),
  input_channels: countSchema.describe("Number of input channels."),
  populations: z.array(populationSchema).min(1).describe("Of neurons."),
  projections: z.array(projectionSchema).describe("Synapses between populations, or from the input."),
});

type RawPopulation = z.output<typeof populationSchema>;
type RawProjection = z.output<typeof projectionSchema>;

type Path = readonly PropertyKey[];

/**
 * The network that `json` describes, defaults filled in; times in ms.
 *
 * @param json of the format `goldspike/network@1`
 * @param readBlob gives the bytes of an array kept in a file of its own; without it such arrays are refused
 * @param source what `json` was read from; starts the error message
 * @throws ConfigError one line naming the first thing that is wrong: JSON path, what was expected, value found
 */
export function parseNetwork(json: unknown, readBlob?: ReadBlob, source = "network"): Network {
  const raw = parseWith(networkSchema, json, source);
  return checkedNetwork(raw.input_channels, raw.populations, raw.projections, [], { source, readBlob });
}

/**
 * @param path where the object with the keys `populations` and `projections` is
 * @throws ConfigError for a wrong shape, and whatever the checks of checkNetwork.ts find
 */
export function checkedNetwork(
  inputChannels: number,
  rawPopulations: readonly RawPopulation[],
  rawProjections: readonly RawProjection[],
  path: Path,
  from: ArraySource,
): Network {
  const populations = rawPopulations.map((raw, k) => parsePopulation(raw, [...path, "populations", k], from));
  checkPopulations(populations, {
    source: from.source,
    path,
    place: (k, key, j) => {
      const name = parameters[key].file;
      return typeof rawPopulations[k]![name] === "number" ? [name] : [name, j];
    },
  });
  checkSize(inputChannels, populations, rawProjections, path, from.source);
  const projections = rawProjections.map((raw, k) =>
    parseProjection(raw, inputChannels, populations, [...path, "projections", k], from),
  );
  return { inputChannels, populations, projections };
}

function parsePopulation(raw: RawPopulation, path: Path, from: ArraySource): Population {
  const { name, size, model } = raw;
  const values = mapParameters((key) => {
    const { file } = parameters[key];
    return readPerNeuron(raw[file], [...path, file], size, from);
  });
  return { name, size, model, ...values };
}

function readPerNeuron(raw: number | RawArray, path: Path, size: number, from: ArraySource): Float64Array {
  return typeof raw === "number" ? new Float64Array(size).fill(raw) : readArray(raw, path, [size], from);
}

function parseProjection(
  raw: RawProjection,
  inputChannels: number,
  populations: readonly Population[],
  path: Path,
  from: ArraySource,
): Projection {
  checkEnds(raw, populations, path, from.source);
  const sizeOf = (name: string) => populations.find((population) => population.name === name)?.size;
  const shape = [sizeOf(raw.to)!, sizeOf(raw.from) ?? inputChannels];
  const weight = readArray(raw.weight, [...path, "weight"], shape, from);
  const delay =
    typeof raw.delay === "number" ? raw.delay : readArray(raw.delay, [...path, "delay"], shape, from);
  const projection = { from: raw.from, to: raw.to, weight, delay };
  checkDelay(projection, shape[1]!, [...path, "delay"], from.source);
  return projection;
}
