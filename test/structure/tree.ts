/** The source files of the project as a tree: how large, in which folder, and who imports whom. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Made by the build. */
const generated = [
  "kernelBytes.ts",
  "profiledBytes.ts",
  "cochleaBytes.ts",
  "description.ts",
  "layout_version.ts",
];

export interface Source {
  /** From the repository's root. */
  readonly path: string;
  readonly lines: number;
  /** Files of the tree that it imports, types included. */
  readonly imports: readonly string[];
}

/** Every file of a folder and those below, but for what is generated. */
export function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !generated.includes(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

export function sourcesOf(folder: string): Source[] {
  return filesOf(folder)
    .filter((path) => /\.(ts|js|mjs)$/.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const found = text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
      const imports = [...found].map(([, to]) => normalize(join(dirname(path), withEnding(to!))));
      return { path, lines: text.split("\n").length - 1, imports: imports.filter((to) => !isGenerated(to)) };
    });
}

function isGenerated(path: string): boolean {
  return generated.some((name) => path.endsWith(`/${name}`));
}

/** AssemblyScript names files without their ending. */
function withEnding(path: string): string {
  return /\.\w+$/.test(path) ? path : `${path}.ts`;
}

/** A circle of imports, as the files along it; undefined if there is none. */
export function circleIn(sources: readonly Source[]): string[] | undefined {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): string[] | undefined => {
    const before = way.indexOf(path);
    if (before >= 0) return [...way.slice(before), path];
    if (done.has(path)) return undefined;
    for (const to of importsOf.get(path) ?? []) {
      const circle = walk(to, [...way, path]);
      if (circle) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of sources) {
    const circle = walk(path, []);
    if (circle) return circle;
  }
  return undefined;
}

/**
 * Imports that go against an order of rooms, in which each may import those before it.
 *
 * @param roomOf the room of a file; undefined for files that stand on top of all
 */
export function against(
  order: readonly string[],
  sources: readonly Source[],
  roomOf: (path: string) => string | undefined,
): string[] {
  const place = (path: string) => {
    const room = roomOf(path);
    if (room === undefined) return order.length;
    const at = order.indexOf(room);
    if (at < 0) throw new Error(`${path}: the room ${room} has no place in the order`);
    return at;
  };
  return sources.flatMap(({ path, imports }) =>
    imports.filter((to) => place(to) > place(path)).map((to) => `${path} imports ${to}`),
  );
}
