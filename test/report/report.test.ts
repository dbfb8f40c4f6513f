/** A report holds the run's numbers, nothing that runs or is fetched, and stands for every shape of a run. */
import domino from "domino";
import { describe, expect, test } from "vitest";
import { accuracyAxis, axisFor, histogramOf } from "../../src/report/axis.ts";
import { spread } from "../../src/report/marks.ts";
import { reportHtml } from "../../src/report/report.ts";
import type { ReportData } from "../../src/report/reportData.ts";
import { createSampler } from "../support/training/sampler.ts";

interface RunShape {
  readonly classes: readonly string[];
  readonly epochs?: number;
  readonly validation?: boolean;
  readonly spiking?: boolean;
  /** Every fourth trial has no answer, nor has the one shown. */
  readonly unanswered?: boolean;
  readonly silent?: boolean;
  readonly inputSpikes?: number;
  readonly channels?: number;
  readonly sizes?: readonly number[];
}

const digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const evil = `<script>alert("1")</script>&amp;'`;

/** A run as one might have gone. */
function run(shape: RunShape): ReportData {
  const { classes, epochs = 12, validation = true, channels = 40, sizes = [30] } = shape;
  const { uniform, integer } = createSampler(7);
  const spikes = (count: number, size: number) => ({
    times: Float64Array.from({ length: count }, () => uniform(0, 100)).sort(),
    neurons: Int32Array.from({ length: count }, () => integer(0, size - 1)),
  });
  const input = spikes(shape.inputSpikes ?? 200, channels);
  const layers = sizes.map((size, k) => ({
    ...{ name: `hidden${k}`, size, spikes: spikes(shape.silent ? 0 : 9 * size, size) },
  }));
  const outcomes = Array.from({ length: 200 }, (_, k) => {
    const label = k % classes.length;
    const wrong = shape.unanswered ? -1 : (label + 1) % classes.length;
    return { label, predicted: k % 4 === 0 ? wrong : label, loss: 0.5 };
  });
  const times = Float64Array.from({ length: 600 }, (_, k) => k / 6);
  const score = { trials: 200, loss: 0.512345, accuracy: 0.75 };
  return {
    ...{ title: "A run", version: "9.8.7", settings: "epochs: 12\nseed: 3\n", classes, seconds: 184.2 },
    history: Array.from({ length: epochs }, (_, k) => ({
      ...{ epoch: k + 1, learningRate: 1e-3 * 0.5 ** k, hiddenSpikes: shape.silent ? 0 : 100 - k },
      ...{ silentNeurons: shape.silent ? 30 : 3, train: { trials: 900, loss: 2 / (k + 1), accuracy: 0.7 } },
      ...(validation && { validation: { trials: 100, loss: 2.5 / (k + 1), accuracy: 0.65 } }),
    })),
    selected: { epoch: epochs, of: validation ? "validation" : "train" },
    parts: [
      ...(validation
        ? [{ name: "validation" as const, score: { ...score, accuracy: 0.625 }, outcomes }]
        : []),
      { name: "test", score, outcomes },
    ],
    spikeCounts: layers.map(({ name, size }) => ({
      layer: name,
      meanCounts: Float64Array.from({ length: size }, (_, k) => (shape.silent || k < 4 ? 0 : uniform(0, 9))),
    })),
    ...{ parameters: 12345, linear: 0.5, seed: 3, host: "a-host", date: "2026-01-02T03:04:05.000Z" },
    trials: [
      {
        ...{ source: "trials.h5", index: 5, label: 0, duration: 100, layers },
        predicted: shape.unanswered ? -1 : 1,
        ...{ input: { times: input.times, sources: input.neurons }, inputChannels: channels },
        output: shape.spiking
          ? { kind: "spikes", spikes: spikes(20, classes.length) }
          : { kind: "voltages", times, values: classes.map((_, c) => times.map((t) => Math.sin(t / 9 + c))) },
        readout: { label: "S", values: Float64Array.from(classes, (_, c) => (c === 1 ? 0.4321 : -0.1234)) },
      },
    ],
  };
}

const shapes: Readonly<Record<string, RunShape>> = {
  "10 classes": { classes: digits },
  "2 classes, no validation": { classes: ["left", "right"], validation: false },
  "35 classes": { classes: Array.from({ length: 35 }, (_, k) => `word ${k}`), sizes: [512, 512] },
  "one epoch": { classes: digits, epochs: 1 },
  "no hidden spike": { classes: digits, silent: true },
  "no hidden layer": { classes: digits, sizes: [] },
  "no input spike": { classes: digits, inputSpikes: 0 },
  "spiking output": { classes: digits, spiking: true },
  "no answer": { classes: digits, spiking: true, unanswered: true },
  "names that are markup": { classes: [evil, "a & b", evil] },
};

const voidElements = new Set(["meta", "br"]);

/** Complains unless every element is closed in order, every attribute quoted and every `&` an entity. */
function expectWellFormed(page: string): void {
  const open: string[] = [];
  const markup = page.replace(/<style>[^<]*<\/style>/g, "").replace("<!doctype html>", "");
  const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*>/g;
  const text = markup.replace(tag, (_, closing: string, name: string) => {
    if (closing) expect(open.pop()).toBe(name);
    else if (!voidElements.has(name)) open.push(name);
    return "";
  });
  expect(open).toEqual([]);
  expect(text).not.toMatch(/[<>]/);
  expect(markup.replace(/&(?:amp|lt|gt|quot|nbsp|#\d+);/g, "")).not.toContain("&");
}

async function rendered(data: ReportData): Promise<{ page: string; document: Document }> {
  const page = await reportHtml(data);
  return { page, document: domino.createDocument(page) };
}

describe("every shape of a run", () => {
  test.each(Object.entries(shapes))("%s: well-formed, whole, of finite numbers", async (_, shape) => {
    const { page, document } = await rendered(run(shape));
    expectWellFormed(page);
    const sections = Array.from(document.querySelectorAll("h2"), (heading) => heading.textContent);
    expect(sections).toEqual([
      "Learning",
      "Confusion of classes, test part",
      "Spikes of hidden neurons, test part",
      "A trial that was not",
      "Settings",
    ]);
    // Plot marks a chart that it has doubts about with this sign.
    expect(page).not.toMatch(/NaN|undefined|Infinity|⚠/);
    for (const picture of Array.from(document.querySelectorAll("svg"))) {
      expect(picture.getAttribute("role")).toBe("img");
      expect(picture.getAttribute("aria-label")).toMatch(/\w/);
    }
  });

  test.each(Object.entries(shapes))("%s: nothing runs and nothing is fetched", async (_, shape) => {
    const { page, document } = await rendered(run(shape));
    expect(document.querySelectorAll("script, link, img, iframe, object, use, image").length).toBe(0);
    expect(page.replaceAll("http://www.w3.org/", "")).not.toMatch(/https?:|url\(|@import|\son\w+="/);
  });

  test("the same run gives the same bytes", async () => {
    expect(await reportHtml(run(shapes["10 classes"]!))).toBe(await reportHtml(run(shapes["10 classes"]!)));
  });
});

describe("what it says", () => {
  test("accuracies, epochs, time and version", async () => {
    const { document } = await rendered(run(shapes["10 classes"]!));
    const facts = document.querySelector(".facts")!.textContent!.replaceAll("\u202f", " ");
    expect(facts).toContain("75.0 ± 6.0 %");
    expect(facts).toContain("Training accuracy70.0 %in epoch 12, loss 0.167");
    expect(facts).toContain("Baseline50.0 %linear on spike counts; the most frequent class alone 10.0 %");
    expect(facts).toContain("Parameters12 345");
    expect(facts).toContain("n = 200: 150 of 200 trials, loss 0.512");
    expect(facts).toContain("62.5 ± 6.7 %");
    expect(facts).toContain("epoch 12 chosen by validation accuracy");
    expect(facts).toContain("3 min 4 s");
    expect(document.querySelector("footer")!.textContent).toBe(
      "goldspike 9.8.7, 2026-01-02 03:04 UTC, seed 3, on a-host",
    );
  });

  test("the interval of an accuracy is not 0 where all were right, as Wilson has it", async () => {
    const data = run(shapes["10 classes"]!);
    const score = { trials: 560, loss: 0.1, accuracy: 0.986 };
    const of = async (accuracy: number) =>
      (await rendered({ ...data, parts: [{ ...data.parts[1]!, score: { ...score, accuracy } }] })).page;
    expect(await of(0.986)).toContain("98.6 ± 1.0 %");
    expect(await of(1)).toContain("100.0 ± 0.3 %");
  });

  test("every picture can be saved as a document of its own", async () => {
    const data = run(shapes["names that are markup"]!);
    const { document } = await rendered(data);
    const links = Array.from(document.querySelectorAll("a.save"));
    expect(links).toHaveLength(document.querySelectorAll("figure").length);
    for (const link of links) {
      expect(link.getAttribute("download")).toMatch(/^[\p{L}\p{N}-]+\.svg$/u);
      const svg = decodeURIComponent(link.getAttribute("href")!.replace("data:image/svg+xml,", ""));
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [\s\S]*<\/svg>\n$/);
      expectWellFormed(svg);
      expect(svg).not.toContain("&nbsp;");
    }
  });

  test("the loss at the selected epoch", async () => {
    const { page } = await rendered(run(shapes["10 classes"]!));
    expect(page).toContain('aria-label="loss over 12 epochs; at epoch 12: train 0.167, validation 0.208"');
  });

  test("every line of a logarithmic axis is labelled", async () => {
    const data = run(shapes["10 classes"]!);
    for (let most = 1; most < 8; most += 0.5) {
      const history = data.history.map((record) => ({ ...record, train: { ...record.train, loss: 0.1 } }));
      const train = { trials: 900, loss: most, accuracy: 0.1 };
      const { document } = await rendered({ ...data, history: [{ ...data.history[0]!, train }, ...history] });
      const labels = document.querySelector("svg")!.querySelector('[aria-label="y-axis tick label"]')!;
      const texts = Array.from(labels.children, (label) => label.textContent);
      const axis = axisFor([0.1, 2.5, 2.5 / 12, most]);
      expect(texts).toEqual(axis.ticks.map(axis.format));
    }
  });

  test("every cell of the confusion matrix", async () => {
    const data = run(shapes["10 classes"]!);
    const { document } = await rendered(data);
    const titles = Array.from(document.querySelectorAll("rect title"), (title) => title.textContent!);
    digits.forEach((label, i) => {
      digits.forEach((predicted, j) => {
        const trials = data.parts[1]!.outcomes.filter((o) => o.label === i && o.predicted === j).length;
        const cell = titles.find((title) => title.startsWith(`${label} → ${predicted}:`));
        expect(cell).toContain(`: ${trials} (`);
      });
    });
  });

  test("which trials got no answer, and only where there are any", async () => {
    const { page, document } = await rendered(run(shapes["no answer"]!));
    const titles = Array.from(document.querySelectorAll("rect title"), (title) => title.textContent!);
    expect(titles).toContain("zero → no answer: 10 (50.0\u202f%)");
    expect(titles).toContain("one → no answer: 0 (0.0\u202f%)");
    expect(document.body.textContent).toContain("Most frequent mistakes: zero without an answer (10), ");
    expect(document.body.textContent).toContain("Trial 5 of trials.h5: zero, no answer.");
    expect(page).toContain("label zero, predicted no answer");
    expect((await rendered(run(shapes["spiking output"]!))).page).not.toContain("no answer");
  });

  test("which outputs of a trial stayed silent", async () => {
    const data = run({ classes: ["left", "right"], spiking: true });
    const readout = { label: "time of the first spike, ms", values: Float64Array.of(101, 37.5) };
    const { document } = await rendered({ ...data, trials: [{ ...data.trials[0]!, readout }] });
    const bars = document.querySelector('svg[aria-label^="Readout"]')!;
    const texts = Array.from(bars.querySelectorAll("text"), (text) => text.textContent);
    expect(texts).toEqual(expect.arrayContaining(["none", "37.5"]));
    expect(texts).not.toContain("101");
  });

  test("silent neurons, the readout, the trial and the settings", async () => {
    const { document } = await rendered(run(shapes["10 classes"]!));
    const text = document.body.textContent!;
    expect(text).toContain("30 neurons, 4 silent");
    expect(text).toContain("0.432");
    expect(text).toContain("−0.123");
    expect(text).toContain("Trial 5 of trials.h5: zero, predicted one.");
    expect(document.querySelector("pre")!.textContent).toBe("epochs: 12\nseed: 3\n");
  });

  test("what looks like markup is text", async () => {
    const data = run(shapes["names that are markup"]!);
    const { document } = await rendered({ ...data, title: evil, settings: `</pre>${evil}` });
    expect(document.querySelector("h1")!.textContent).toBe(evil);
    expect(document.title).toBe(evil);
    expect(document.querySelector("pre")!.textContent).toBe(`</pre>${evil}`);
    const titles = Array.from(document.querySelectorAll("title"), (title) => title.textContent);
    expect(titles).toContain(`${evil} → a & b: 17 (25.4\u202f%)`);
  });

  test("a reader need not wait: 45 000 input spikes and 35 classes in less than 2.2 MB", async () => {
    const shape = { ...shapes["35 classes"]!, inputSpikes: 45000, channels: 7700, epochs: 300 };
    expect((await reportHtml(run(shape))).length).toBeLessThan(2.2e6);
  });
});

describe("parts of charts", () => {
  /** Where the texts with this beginning lie in a chart: their ends in its own pixels, as wide as 6 pixels a letter. */
  const extents = (charts: readonly Element[], beginning: string) =>
    charts.flatMap((chart) =>
      Array.from(chart.querySelectorAll("text"))
        .filter((text) => text.textContent!.startsWith(beginning))
        .map((text) => {
          const [middle, half] = [Number(text.getAttribute("x")), 3 * text.textContent!.length];
          return { left: middle - half, right: middle + half, width: Number(chart.getAttribute("width")) };
        }),
    );

  test.each([1, 150, 300])("the selected epoch, %d, is named beside the axis and whole", async (epoch) => {
    const data = run({ classes: digits, epochs: 300 });
    const { document } = await rendered({ ...data, selected: { ...data.selected, epoch } });
    const found = extents(Array.from(document.querySelectorAll("svg")), `epoch ${epoch}`);
    expect(found).toHaveLength(5);
    for (const { left, right, width } of found) {
      expect(left).toBeGreaterThanOrEqual(56);
      expect(right).toBeLessThanOrEqual(width - 16);
    }
  });

  test.each(["word", "word number "])("turned names (%s34) end below the heading", async (name) => {
    const { document } = await rendered(run({ classes: Array.from({ length: 35 }, (_, k) => name + k) }));
    const matrix = document.querySelector('svg[aria-label^="Confusion"]')!;
    const texts = Array.from(matrix.querySelectorAll("text"));
    const heading = texts.find((text) => text.textContent === "predicted class")!;
    const turned = texts.find((text) => /rotate\(-50\)/.test(text.getAttribute("transform") ?? ""))!;
    const down = (element: Element) =>
      Number(/translate\([-\d.]+,([-\d.]+)\)/.exec(element.getAttribute("transform")!)![1]);
    const start = down(turned) + down(turned.parentElement!);
    // Letters of 7 by 12 pixels, the heading's own reach 3 below its line.
    const height = Math.sin(0.873) * 7 * `${name}34`.length + Math.cos(0.873) * 6;
    expect(start - height).toBeGreaterThan(Number(heading.getAttribute("y")) + 3);
  });

  test.each([
    [0, 1 / 3],
    [0.05, 0.1],
    [0.4, 0.5],
  ])("an accuracy of %f has chance, %f, on its axis", (accuracy, chance) => {
    const { domain } = accuracyAxis([accuracy], chance);
    expect(domain[0]).toBe(0);
    expect(domain[1]).toBeGreaterThanOrEqual(chance);
  });

  test("an axis over many decades has few labels", () => {
    expect(axisFor([1e-93, 1e-3]).ticks.length).toBeLessThanOrEqual(9);
  });

  test("a histogram has every neuron once, silent ones apart", () => {
    const counts = Float64Array.of(0, 0, 0.001, 0.2, 1, 3, 7.49);
    const { silent, bins } = histogramOf(counts, 20);
    expect(silent).toBe(2);
    expect(bins.reduce((sum, { neurons }) => sum + neurons, 0)).toBe(5);
    expect(bins.at(-1)!.neurons).toBe(1);
    expect(bins.length).toBeLessThanOrEqual(20);
    for (const { from, to, neurons } of bins) {
      expect(neurons).toBe(counts.filter((value) => value > from && value <= to).length);
    }
  });

  test("labels keep their order and their distance", () => {
    const places = spread([50, 51, 10, 51, 100], 0, 100);
    expect(places[2]).toBe(10);
    const order = [places[2]!, places[0]!, places[1]!, places[3]!, places[4]!];
    for (let k = 1; k < order.length; k++) expect(order[k]! - order[k - 1]!).toBeGreaterThanOrEqual(13);
    expect(Math.max(...places)).toBeLessThanOrEqual(100);
  });

  test.each([[[0]], [[5]], [[0.1, 0.3]], [[1e-5, 1]], [[3, 40, 200]], [[-2, 5]], [[0.61, 0.9]]])(
    "an axis holds %j and has labels inside",
    (values) => {
      const { domain, ticks } = axisFor(values);
      for (const value of [...values, ...ticks]) {
        expect(value).toBeGreaterThanOrEqual(domain[0]);
        expect(value).toBeLessThanOrEqual(domain[1]);
      }
      expect(ticks.length).toBeGreaterThanOrEqual(2);
    },
  );
});
