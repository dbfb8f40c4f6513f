/** The confusion matrix as a picture, and the recall of each class beside it. */
import type { RenderFunction } from "@observablehq/plot";
import type { TrialOutcome } from "../training/records.ts";
import { type Canvas, chart, draw, mark } from "./canvas.ts";
import { figure } from "./figure.ts";
import { answer, noAnswer, percent, short, some, widthOf } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { blue, inkOn, line, shade, soft } from "./palette.ts";
import type { ReportData, ReportPart } from "./reportData.ts";

/** Most classes whose cells have room for digits. */
const mostWithDigits = 20;
const longest = 18;
const recallWidth = 130;

export function confusionMatrix(canvas: Canvas, { classes, parts }: ReportData): Markup {
  const part = parts.at(-1)!;
  const confusion = confusionOf(part.outcomes, classes.length);
  return html`${figure({ name: "confusion", kind: "wide" }, matrix(canvas, classes, part, confusion))}
<p>${worst(classes, confusion)}</p>
<p class="note">Colour is the share of a true class, recall that on the diagonal.</p>`;
}

function worst(classes: readonly string[], confusion: Confusion): string {
  const name = (k: number) => short(classes[k]!, longest);
  const found = mistakes(confusion, 5).map(({ label, predicted, trials }) => {
    const taken = predicted < classes.length ? `taken for ${name(predicted)}` : "without an answer";
    return `${name(label)} ${taken} (${trials})`;
  });
  return found.length === 0 ? "No trial was mistaken." : `Most frequent mistakes: ${found.join(", ")}.`;
}

function matrix(canvas: Canvas, classes: readonly string[], part: ReportPart, confusion: Confusion): Markup {
  const { plot } = canvas;
  const rows = classes.map((name) => short(name, longest));
  const columns = unanswered(confusion) > 0 ? [...rows, noAnswer] : rows;
  const cell = Math.max(18, Math.min(48, 620 / columns.length));
  const room = Math.max(...columns.map(widthOf));
  const turned = room > cell - 4;
  const margins = {
    marginLeft: Math.max(...rows.map(widthOf)) + 34,
    marginRight: recallWidth,
    marginBottom: 6,
  };
  // Turned by 50° a name is 0.77 of its length high; above it stands a heading.
  const marginTop = turned ? 0.77 * room + 46 : 42;
  const [labels, predictions] = [[...rows.keys()], [...columns.keys()]];
  const cells = labels.flatMap((label) =>
    predictions.map((predicted) => cellOf(classes, confusion, label, predicted)),
  );
  return chart(canvas, `Confusion matrix of the ${part.name} part, ${some(part.score.trials, "trial")}`, {
    width: margins.marginLeft + recallWidth + cell * columns.length,
    ...{ height: marginTop + 6 + cell * rows.length, marginTop, ...margins },
    x: { type: "band", domain: predictions, padding: 0.04, round: false },
    y: { type: "band", domain: labels, padding: 0.04, round: false },
    marks: [
      plot.cell(cells, {
        x: "predicted",
        y: "label",
        fill: "fill",
        stroke: line,
        strokeWidth: 0.5,
        title: "title",
      }),
      rows.length > mostWithDigits
        ? null
        : plot.text(cells, { x: "predicted", y: "label", text: "text", fill: "ink" }),
      plot.axisY({ tickFormat: (k: number) => rows[k]!, tickSize: 0, label: null }),
      plot.axisX({
        ...{ anchor: "top", tickFormat: (k: number) => columns[k]!, tickSize: 0, label: null },
        ...(turned && { tickRotate: -50, textAnchor: "start", dy: -2 }),
      }),
      headings(),
      recalls(confusion),
    ],
  });
}

function cellOf(classes: readonly string[], confusion: Confusion, label: number, predicted: number) {
  const share = shareOf(confusion, label, predicted);
  const trials = confusion.counts[label]![predicted]!;
  const title = `${classes[label]} → ${answer(predicted, classes)}: ${trials} (${percent(share)})`;
  const text = trials === 0 ? "" : String(trials);
  return { label, predicted, text, title, fill: shade(share), ink: inkOn(share) };
}

function headings(): RenderFunction {
  return mark((group, _scales, { width, height, marginLeft, marginRight, marginTop, marginBottom }) => {
    const style = { fill: soft, "font-style": "italic" };
    const middle = (marginTop + height - marginBottom) / 2;
    const center = (marginLeft + width - marginRight) / 2;
    draw(group, "text", { x: center, y: 11, "text-anchor": "middle", ...style }, "predicted class");
    const turn = `translate(12,${middle}) rotate(-90)`;
    draw(group, "text", { transform: turn, "text-anchor": "middle", ...style }, "true class");
    const x = width - marginRight + 14;
    draw(group, "text", { x, y: marginTop - 9, "text-anchor": "start", ...style }, "recall");
  });
}

/** A bar and a number for each row. */
function recalls(confusion: Confusion): RenderFunction {
  return mark((group, _scales, { width, height, marginTop, marginBottom, marginRight }) => {
    const [left, full] = [width - marginRight + 14, 60];
    const row = (height - marginTop - marginBottom) / confusion.trials.length;
    confusion.trials.forEach((trials, label) => {
      const middle = marginTop + row * (label + 0.5);
      const recall = shareOf(confusion, label, label);
      const [height, top] = [8, (middle - 4).toFixed(1)];
      draw(group, "rect", { x: left, y: top, height, width: full, fill: line });
      draw(group, "rect", { x: left, y: top, height, width: (full * recall).toFixed(1), fill: blue });
      const at = { x: left + full + 6, y: middle.toFixed(1), dy: "0.32em", "text-anchor": "start" };
      draw(group, "text", at, trials === 0 ? "no trials" : percent(recall));
    });
  });
}

/** Which class was taken for which, in numbers. */
interface Confusion {
  /** [label][predicted]; behind the classes a column of trials without an answer. */
  readonly counts: readonly Uint32Array[];
  /** Trials per label. */
  readonly trials: Uint32Array;
}

/** One kind of mistake; trials without an answer are predicted as the class behind the last. */
interface Mistake {
  readonly label: number;
  readonly predicted: number;
  readonly trials: number;
}

function confusionOf(
  outcomes: readonly Pick<TrialOutcome, "label" | "predicted">[],
  classes: number,
): Confusion {
  const counts = Array.from({ length: classes }, () => new Uint32Array(classes + 1));
  const trials = new Uint32Array(classes);
  for (const { label, predicted } of outcomes) {
    counts[label]![predicted < 0 ? classes : predicted]!++;
    trials[label]!++;
  }
  return { counts, trials };
}

/** Trials for which every output stayed silent. */
function unanswered({ counts }: Confusion): number {
  return counts.reduce((sum, row) => sum + row.at(-1)!, 0);
}

/** Share of a label's trials that were predicted so; 0 where it has none. */
function shareOf({ counts, trials }: Confusion, label: number, predicted: number): number {
  return trials[label] === 0 ? 0 : counts[label]![predicted]! / trials[label]!;
}

/** The most frequent mistakes, at most `most`, in order. */
function mistakes({ counts }: Confusion, most: number): Mistake[] {
  const found = counts.flatMap((row, label) =>
    Array.from(row, (trials, predicted) => ({ label, predicted, trials })),
  );
  return found
    .filter(({ label, predicted, trials }) => label !== predicted && trials > 0)
    .sort((a, b) => b.trials - a.trials)
    .slice(0, most);
}
