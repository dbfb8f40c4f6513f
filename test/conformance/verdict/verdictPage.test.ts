/** Reports of a run: the page holds together whatever is in it, can be read in both schemes, and JUnit XML says the same. */
import domino from "domino";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { junitXml } from "../../../src/conformance/verdict/junit.ts";
import type { RunReport } from "../../../src/conformance/verdict/runReport.ts";
import type { Part, Verdict } from "../../../src/conformance/verdict/verdict.ts";
import { verdictPage } from "../../../src/conformance/verdict/verdictPage.ts";

const about: RunReport["about"] = {
  command: "./mine --device 0",
  class: "T4",
  convention: "euler",
  switches: ["zero_out=false"],
  dt: 0.1,
  rtol: 1e-6,
  tensors: ["weight", "tau"],
  suite: "suite",
  suite_version: "8b00903f512b",
  version: "0.1.0",
  date: "2026-11-28T23:03:08.309Z",
  host: "box",
};

function verdictOf(name: string, parts: Part[], status: Verdict["status"], message = "wrong"): Verdict {
  return { case: name, group: "core", catches: "bugs", class: "T4", status, message, parts, seconds: 0.5 };
}

function reportOf(verdicts: readonly Verdict[], unfinished?: string): RunReport {
  return { about, verdicts, cases: 150, unfinished };
}

const kinds = [
  "spikes.hidden",
  "loss",
  "projections[0].weight",
  "projections[1].weight",
  "populations.a.b.tau_mem",
];
const partStatuses = [
  "pass",
  "fail",
  "missing",
  "extra",
  "malformed",
  "not_finite",
  "undecidable",
  "skipped",
  "unjudged",
] as const;
const number = fc.option(fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1e300, noNaN: true })), {
  nil: undefined,
});
const part = fc
  .record({
    name: fc.oneof(fc.constantFrom(...kinds), fc.string({ unit: "binary" })),
    status: fc.constantFrom(...partStatuses),
    error: number,
    tolerance: number,
    message: fc.option(fc.string({ unit: "binary" }), { nil: undefined }),
  })
  .map(
    (drawn) =>
      Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)) as unknown as Part,
  );
const verdict = fc
  .tuple(
    fc.string(),
    fc.array(part, { maxLength: 8 }),
    fc.constantFrom("pass", "refused", "fail", "undecidable", "error", "expected", "unsupported"),
    fc.string({ unit: "binary" }),
  )
  .map(([name, parts, status, message]) => verdictOf(name, parts, status as Verdict["status"], message));

describe("the page of a run", () => {
  test("holds together: a row a case, a column a kind, every link with its place", () => {
    fc.assert(
      fc.property(fc.array(verdict, { maxLength: 6 }), (verdicts) => {
        const page = domino.createDocument(verdictPage(reportOf(verdicts)));
        const rows = [...page.querySelectorAll(".grid tbody tr")].filter(
          (row) => !row.querySelector(".group"),
        );
        expect(rows).toHaveLength(verdicts.length);
        const columns = page.querySelectorAll(".grid thead th").length;
        for (const row of rows)
          expect(row.querySelector(".said") ? columns : row.children.length).toBe(Math.max(columns, 2));
        for (const link of Array.from<Element>(page.querySelectorAll("a")))
          expect(page.querySelectorAll(`[id="${link.getAttribute("href")!.slice(1)}"]`)).toHaveLength(1);
        const bad = verdicts.filter(({ status }) => status === "fail" || status === "error");
        expect(page.querySelectorAll("h3")).toHaveLength(bad.length);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("a cell has the worst part of its kind", () => {
    const parts: Part[] = [
      { name: "projections[0].weight", status: "pass", error: 1e-9, tolerance: 1e-6 },
      { name: "projections[1].weight", status: "fail", error: 5e-4, tolerance: 1e-5 },
      { name: "loss", status: "pass", error: 2e-12, tolerance: 1e-9 },
      { name: "readout", status: "missing" },
    ];
    const page = domino.createDocument(verdictPage(reportOf([verdictOf("a", parts, "fail")])));
    const heads = [...page.querySelectorAll(".grid thead th")].map((head) => head.textContent);
    const cells = [...page.querySelectorAll(".grid tbody tr:nth-child(2) > *")].map(
      (cell) => cell.textContent,
    );
    expect(Object.fromEntries(heads.map((head, k) => [head, cells[k]]))).toEqual({
      case: "a",
      verdict: "fail",
      loss: "−2",
      readout: "M",
      weight: "+2",
    });
    expect(page.querySelector('td[title^="projections[1].weight"]')!.className).toBe("b1");
  });

  test("is small, fetches nothing and needs no script, though everything fails", () => {
    const parts = Array.from(
      { length: 20 },
      (_, k): Part => ({
        name: `projections[${k}].weight`,
        status: "fail",
        error: 1e-3,
        tolerance: 1e-9,
        message: "the reference's norm is 1e-4 ".repeat(3),
      }),
    );
    const spread = parts.map((one, k) => ({ ...one, name: `populations.hidden.kind_${k}` }));
    const verdicts = Array.from({ length: 150 }, (_, k) => verdictOf(`case-${k}`, spread, "fail"));
    const text = verdictPage(reportOf(verdicts));
    expect(text.length).toBeLessThan(2 ** 20);
    expect(text).not.toMatch(/<script|https?:|url\(|@import|<link|<img/);
  });

  test("says what was asked, and that a run is unfinished", () => {
    const page = domino.createDocument(
      verdictPage(reportOf([verdictOf("a", [], "error")], "ended by SIGINT")),
    );
    expect(page.querySelector(".banner")!.textContent).toBe("Unfinished, 1 of 150 cases: ended by SIGINT");
    const asked = [...page.querySelectorAll(".asked td")].map((cell) => cell.textContent);
    for (const value of ["euler", "zero_out=false", "0.1", "weight, tau", "8b00903f512b", "box", about.date])
      expect(asked).toContain(value);
    expect(domino.createDocument(verdictPage(reportOf([]))).querySelector(".banner")).toBeFalsy();
  });
});

type Scheme = Readonly<Record<string, string>>;

/** Variables of the page's style, in the light scheme and with what the dark one has in their place. */
function schemesOf(page: string): [Scheme, Scheme] {
  const variables = (css: string) =>
    Object.fromEntries(
      [...css.matchAll(/--([\w-]+): (#[0-9a-f]+)/g)].map(([, name, value]) => [name!, value!]),
    );
  const dark = [
    ...page.matchAll(/@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{[^}]*\}/g),
  ].join("");
  const light = page.replaceAll(/@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{[^}]*\}/g, "");
  return [variables(light), { ...variables(light), ...variables(dark) }];
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const digits =
    hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : hex.slice(1).match(/../g)!;
  const [r, g, b] = digits.map((pair) => {
    const share = Number.parseInt(pair, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("in the %s scheme", (_, which) => {
  const colours = schemesOf(verdictPage(reportOf([])))[which];
  test.each([
    ["ink", "paper"],
    ["soft", "paper"],
    ["on-within", "a0"],
    ["on-within", "a1"],
    ["on-within", "a2"],
    ["on-within", "a3"],
    ["on-light", "b0"],
    ["on-light", "b1"],
    ["on-dark", "b2"],
    ["on-dark", "x"],
    ["on-light", "o"],
  ])("%s can be read on %s", (ink, ground) => {
    expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThan(4.5);
  });
});

test("JUnit XML has the page's properties, before its cases, and is marked as unfinished", () => {
  const xml = junitXml(reportOf([verdictOf("a", [], "fail"), verdictOf("b", [], "pass")], "ended by SIGINT"));
  const properties = new Map(
    [...xml.matchAll(/<property name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  expect(properties.get("tensors")).toBe("weight, tau");
  expect(properties.get("suite_version")).toBe("8b00903f512b");
  expect(properties.get("unfinished")).toBe("ended by SIGINT");
  expect(properties.get("judged")).toBe("2 of 150");
  expect(xml).toMatch(/<testsuites name="[^"]*" tests="2" failures="1" errors="0" time="1.000">/);
  const elements = [...xml.matchAll(/<(\w+)/g)].map(([, name]) => name);
  expect([...new Set(elements)]).toEqual([
    "testsuites",
    "testsuite",
    "properties",
    "property",
    "testcase",
    "failure",
  ]);
  expect(elements.lastIndexOf("property")).toBeLessThan(elements.indexOf("testcase"));
});
