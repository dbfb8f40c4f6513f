/** How training went: loss, accuracy, learning rate and activity over the epochs. */
import type { EpochRecord } from "../training/records.ts";
import { type Axis, accuracyAxis, axisFor } from "./axis.ts";
import type { Canvas } from "./canvas.ts";
import type { ReportData } from "./data.ts";
import { type EpochChart, epochChart, type Series } from "./epochChart.ts";
import { percent, significant } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { blue, ink, vermilion } from "./palette.ts";

type Measure = "loss" | "accuracy";

export function learningCurves(canvas: Canvas, data: ReportData): Markup {
  const draw = (of: Measure, y: Axis, reference?: EpochChart["reference"]) =>
    epochChart(canvas, {
      ...common(data),
      ...{ description: described(data, of), series: seriesOf(data.history, of), y },
      ...{ width: 470, height: 260, marginRight: 84, ...(reference && { reference }) },
    });
  const losses = values(data.history, "loss");
  const accuracies = values(data.history, "accuracy");
  const chance = 1 / data.classes.length;
  const accuracy = accuracyAxis(accuracies, chance);
  const reference = chance >= accuracy.domain[0] ? { name: "chance", value: chance } : undefined;
  return html`<div class="pair">
<figure><figcaption>Loss</figcaption>${draw("loss", axisFor(losses))}</figure>
<figure><figcaption>Accuracy</figcaption>${draw("accuracy", accuracy, reference)}</figure>
</div>`;
}

export function activity(canvas: Canvas, data: ReportData): Markup {
  const panel = (title: string, value: (record: EpochRecord) => number) => {
    const shown = data.history.map((record) => ({ epoch: record.epoch, value: value(record) }));
    const ends = `${significant(shown[0]!.value)} at first, ${significant(shown.at(-1)!.value)} at last`;
    const drawn = epochChart(canvas, {
      ...common(data),
      ...{ description: `${title} over the epochs: ${ends}`, series: [{ color: ink, values: shown }] },
      ...{ width: 312, height: 180, y: axisFor(shown.map((point) => point.value)) },
    });
    return html`<figure><figcaption>${title}</figcaption>${drawn}</figure>`;
  };
  return html`<div class="triple">
${panel("Learning rate", (record) => record.learningRate)}
${panel("Hidden spikes per trial", (record) => record.hiddenSpikes)}
${panel("Silent hidden neurons", (record) => record.silentNeurons)}
</div>`;
}

function common({ history, selected }: ReportData): Pick<EpochChart, "selected" | "epochs"> {
  return { selected: selected.epoch, epochs: [history[0]!.epoch, history.at(-1)!.epoch] };
}

function seriesOf(history: readonly EpochRecord[], of: Measure): Series[] {
  const train = history.map(({ epoch, train }) => ({ epoch, value: train[of] }));
  const validation = history.flatMap(({ epoch, validation }) =>
    validation ? [{ epoch, value: validation[of] }] : [],
  );
  return [
    { name: "train", color: blue, values: train },
    { name: "validation", color: vermilion, values: validation },
  ];
}

function values(history: readonly EpochRecord[], of: Measure): number[] {
  return history.flatMap(({ train, validation }) => [train[of], ...(validation ? [validation[of]] : [])]);
}

function described({ history, selected }: ReportData, of: Measure): string {
  const record = history.find(({ epoch }) => epoch === selected.epoch) ?? history.at(-1)!;
  const shown = (value: number) => (of === "loss" ? significant(value) : percent(value));
  const validation = record.validation ? `, validation ${shown(record.validation[of])}` : "";
  return `${of} over ${history.length} epochs; at epoch ${record.epoch}: train ${shown(record.train[of])}${validation}`;
}
