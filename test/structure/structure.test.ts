/** The house stays in order: which room may import which, no circles, and how large files and folders are. */
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { against, circleIn, filesOf, type Source, sourcesOf } from "./tree.ts";

const src = sourcesOf("src");
const assembly = sourcesOf("assembly");

/** Each may import those before it; entries of the package stand on top. */
const rooms = [
  "base",
  "model",
  "format",
  "oracle",
  "engine",
  "ear",
  "data",
  "nir",
  "training",
  "report",
  "run",
  "study",
  "check",
  "conformance",
  "verify",
  "service",
  "cli",
];

const conformanceRooms = [
  "suite",
  "twin",
  "step",
  "verdict",
  "compare",
  "reference",
  "batch",
  "habits",
  "relations",
  "explain",
  "certify",
  "run",
  "history",
];

/** Of the kernel; files of no room are the structures' vocabulary below all, and the ABI on top. */
const kernelRooms = [
  "memory.ts",
  "kinds.ts",
  "profile.ts",
  "maths",
  "neuron",
  "trial",
  "losses",
  "passes",
  "batch",
];

/** The folder below `folder`, or the file itself; undefined for what stands in it without a room. */
function roomBelow(folder: string): (path: string) => string | undefined {
  return (path) => {
    const [room, ...rest] = path.slice(folder.length + 1).split("/");
    return rest.length > 0 ? room : undefined;
  };
}

describe("no room imports one that comes after it", () => {
  test("in src/", () => {
    expect(against(rooms, src, roomBelow("src"))).toEqual([]);
  });

  test("and the oracle shares nothing with what it judges", () => {
    const users = src.filter(({ imports }) => imports.some((to) => to.startsWith("src/oracle/")));
    const others = users
      .map(({ path }) => path)
      .filter((path) => !/^src\/(oracle|conformance|service|cli)\//.test(path));
    expect(others).toEqual([]);
  });

  test("in src/conformance/", () => {
    const own = src.filter(({ path }) => path.startsWith("src/conformance/"));
    const inside = own.map(({ imports, ...rest }) => ({
      ...rest,
      imports: imports.filter((to) => to.startsWith("src/conformance/")),
    }));
    expect(against(conformanceRooms, inside, roomBelow("src/conformance"))).toEqual([]);
  });

  test("in assembly/, the kernel", () => {
    const own = assembly.filter(({ path }) => path.endsWith(".ts") && !path.includes("/cochlea/"));
    const roomOf = (path: string) => {
      const [room, ...rest] = path.slice("assembly/".length).split("/");
      return rest.length > 0 || kernelRooms.includes(room!) ? room : undefined;
    };
    expect(against(kernelRooms, own, roomOf)).toEqual([]);
  });
});

test.each([
  ["src", src],
  ["assembly", assembly],
  ["examples", sourcesOf("examples")],
  ["test", sourcesOf("test")],
] as const)("no files of %s/ import each other in a circle", (_, sources) => {
  expect(circleIn(sources)).toBeUndefined();
});

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}

/** A line a room: files, median and most lines. */
function sizes(name: string, sources: readonly Source[]): string {
  const lines = sources.map((source) => source.lines);
  const row = [name.padEnd(20), sources.length, median(lines), Math.max(...lines)];
  return row.map((cell) => String(cell).padStart(7)).join(" ");
}

test("files are of a size that can be read: the table", () => {
  const ofRooms = rooms.map((room) =>
    sizes(
      `src/${room}`,
      src.filter(({ path }) => path.startsWith(`src/${room}/`)),
    ),
  );
  const all = [sizes("src", src), ...ofRooms, sizes("assembly", assembly), sizes("test", sourcesOf("test"))];
  console.info(["room                   files  median    most lines", ...all].join("\n"));
  const lines = src.map((source) => source.lines);
  expect(src.filter((source) => source.lines > 300).map(({ path }) => path)).toEqual([]);
  expect(assembly.filter((source) => source.lines > 300).map(({ path }) => path)).toEqual([]);
  expect(median(lines)).toBeGreaterThanOrEqual(70);
  expect(median(lines)).toBeLessThanOrEqual(110);
});

test("no folder holds more than 25 files", () => {
  const counts = new Map<string, number>();
  const folders = ["src", "assembly", "test", "bench", "examples", "readers", "configs", "docs"];
  for (const path of folders.flatMap(filesOf))
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 25)).toEqual([]);
});
