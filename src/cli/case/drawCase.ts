/** `goldspike draw`: a trial and its adjoint as a picture. */
import { extname } from "node:path";
import { Command } from "commander";
import { replaceFile, requireWritable } from "../../base/files.ts";
import { Engine } from "../../engine/engine.ts";
import { defaultMaxEvents } from "../../engine/engineOptions.ts";
import type { Case } from "../../model/case.ts";
import type { PopulationSpikes } from "../../model/solution.ts";
import { caseSvg, mostDrawn } from "../../report/casePicture.ts";
import { pngOf } from "../../report/recordingPicture.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import { maxEventsOption, picture } from "../options.ts";

/** Of a course, one a pixel. */
const points = 750;

export function drawCommand(): Command {
  return new Command("draw")
    .description(
      "Draws a case's trial: input and spikes, V of the neurons that spike most, and below " +
        "it their lambda_V, which the backward pass computes from the end of the trial on.",
    )
    .argument("<case>", caseArgument)
    .requiredOption("-o, --output <picture>", ".svg or .png", picture)
    .addOption(maxEventsOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike draw smoke/recurrence -o recurrence.svg
  $ goldspike draw my_case/case.json -o trial.png`,
    )
    .action(drawCase);
}

interface DrawOptions {
  readonly output: string;
  readonly maxEvents?: number;
}

async function drawCase(path: string, { output, maxEvents = defaultMaxEvents }: DrawOptions): Promise<void> {
  await requireWritable(output);
  const problem = await loadNamedCase(path);
  const { network, duration, input, loss } = problem;
  const most = points * network.populations.reduce((sum, { size }) => sum + Math.min(size, mostDrawn), 0);
  const maxInputSpikes = input.times.length;
  const engine = await Engine.create(network, { duration, maxInputSpikes, maxEvents, maxReadings: most });
  engine.evaluate(input, { kind: "none" });
  const { spikes } = engine.simulation();
  const times = Float64Array.from({ length: points }, (_, k) => (duration * (k + 1)) / points);
  const trace = engine.trace(input, loss, times, busiest(problem, spikes));
  const svg = await caseSvg({ problem, spikes, trace, hasAdjoint: loss.kind !== "none" });
  const isPng = extname(output).toLowerCase() === ".png";
  await replaceFile(output, isPng ? [await pngOf(svg)] : svg);
}

/** By population, ascending: those that spike most, and the first ones where none does. */
function busiest(
  { network }: Case,
  spikes: Readonly<Record<string, PopulationSpikes>>,
): Record<string, number[]> {
  return Object.fromEntries(
    network.populations.map(({ name, size }) => {
      const counts = new Uint32Array(size);
      for (const neuron of spikes[name]?.neurons ?? []) counts[neuron]!++;
      const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
      return [name, order.slice(0, mostDrawn).sort((a, b) => a - b)];
    }),
  );
}
