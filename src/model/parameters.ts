/**
 * The parameters of a neuron, a row each: everything that goes through parameters goes through this table. What a row
 * lacks does not compile; what a parameter does to the dynamics is in assembly/neuron and in the tests' oracle.
 */

/** `lif`: leaky integrate-and-fire, spikes. `li`: leaky integrator, never spikes; the readouts. */
export type Model = "lif" | "li";

/** Values of one parameter, one per neuron, shape [size]. */
export type PerNeuron = Float64Array;

/** What must hold of a value beside being a finite number. */
type Legal = "time" | "finite" | "below_threshold";

interface Row {
  /** Its name in files and on the command line. */
  readonly file: string;
  /** Where it is left out; a parameter without a default must be given. */
  readonly default: number | undefined;
  /** Populations that have it; in others it has no meaning, and is neither written nor differentiated. */
  readonly models: readonly Model[];
  /** `below_threshold`: of neurons that spike, below the neuron's own threshold. */
  readonly legal: Legal;
  /** What a change of it is measured in: itself, or a voltage. */
  readonly scale: "own" | "voltage";
}

const both = ["lif", "li"] as const;

/** In the order in which result files have them. */
export const parameters = {
  /** Membrane time constant, ms. */
  tauMem: { file: "tau_mem", default: undefined, models: both, legal: "time", scale: "own" },
  /** Synaptic time constant, ms. */
  tauSyn: { file: "tau_syn", default: undefined, models: both, legal: "time", scale: "own" },
  /** V that makes a `lif` neuron spike when it is reached from below; default 1; unused in `li`. */
  threshold: { file: "threshold", default: 1, models: ["lif"], legal: "finite", scale: "voltage" },
  /** V right after a spike; default 0; unused in `li`. */
  reset: { file: "reset", default: 0, models: ["lif"], legal: "below_threshold", scale: "voltage" },
  /** Constant current, in units of V; default 0. */
  bias: { file: "bias", default: 0, models: both, legal: "finite", scale: "voltage" },
  /** V at time 0; default 0. */
  v0: { file: "v0", default: 0, models: both, legal: "below_threshold", scale: "voltage" },
  /** I at time 0, in units of V; default 0. */
  i0: { file: "i0", default: 0, models: both, legal: "finite", scale: "voltage" },
} as const satisfies Readonly<Record<string, Row>>;

/** The table of neuron parameters, a row each. */
export type Parameters = typeof parameters;
/** A parameter of a neuron, as TypeScript spells it. */
export type Parameter = keyof Parameters;
/** A parameter's name in files. */
export type FileName<P extends Parameter = Parameter> = Parameters[P]["file"];

export const parameterNames = Object.keys(parameters) as Parameter[];

/** The parameters that populations of a model have. */
export function parametersOf(model: Model): Parameter[] {
  return parameterNames.filter((name) => (parameters[name].models as readonly Model[]).includes(model));
}

/** One value for every parameter. */
export function mapParameters<T>(value: (name: Parameter) => T): { -readonly [P in Parameter]: T } {
  return Object.fromEntries(parameterNames.map((name) => [name, value(name)])) as { [P in Parameter]: T };
}

/** ms. Beyond these, squares of rates and their products with times leave the range of f64. */
const [leastTime, mostTime] = [1e-75, 1e75];

/** What is wrong with a time constant or a trial's length; undefined if nothing is. */
export function timeComplaint(time: number): string | undefined {
  if (time >= leastTime && time <= mostTime) return undefined;
  return time > 0 ? `expected a number from ${leastTime} to ${mostTime}` : "expected a positive number";
}

/**
 * What is wrong with a parameter's value; undefined if nothing is.
 *
 * @param threshold of the neuron
 */
export function parameterComplaint(
  name: Parameter,
  model: Model,
  value: number,
  threshold: { readonly value: number; readonly neuron: number },
): string | undefined {
  const { legal } = parameters[name];
  if (legal === "time") return timeComplaint(value);
  if (!Number.isFinite(value)) return "expected a finite number";
  if (legal === "finite" || model !== "lif" || value < threshold.value) return undefined;
  return `expected a number below the threshold ${threshold.value} of neuron ${threshold.neuron}`;
}
