// Tables and picture of docs/side_by_side.md, from the rows that bench/peers.mjs keeps.
import { readFile, writeFile } from "node:fs/promises";
import { picture } from "./picture.mjs";
import { absent } from "./systems.mjs";

const columns = [
  "system",
  "CPU ms",
  "× f32",
  "wall ms",
  "MiB, peak",
  "× f32",
  "less idle",
  "spikes a neuron",
];

/** Replaces what stands between `<!-- table dt=… threads=… batch=… -->` and `<!-- end -->`. */
export async function writePage(results, page) {
  const { rows } = JSON.parse(await readFile(results, "utf8"));
  const text = await readFile(page, "utf8");
  const filled = text.replace(
    /(<!-- table dt=(\S+) threads=(\S+) batch=(\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start, dt, threads, batch, end) =>
      `${start}\n${table(rows, Number(dt), Number(threads), Number(batch))}\n\n${end}`,
  );
  await writeFile(page, filled);
  await writeFile(new URL("../../docs/pictures/peers.svg", import.meta.url), await picture(rows));
}

function table(rows, dt, threads, batch) {
  const shown = rows.filter((row) => row.dt === dt && row.threads === threads && row.batch === batch);
  const base = shown.find(({ system, variant }) => system === "goldspike" && variant === "f32");
  const lines = shown.toSorted(byCost).map((row) => line(row, base));
  const missing =
    dt === 1 && threads === 1 && batch === 32 ? absent.map(({ system, why }) => `| ${system}: ${why} |`) : [];
  const head = `| ${columns.join(" | ")} |\n| ${columns.map(() => "---").join(" | ")} |`;
  return [head, ...lines, ...missing].join("\n");
}

function byCost(a, b) {
  return (a.cpu_ms ?? Infinity) - (b.cpu_ms ?? Infinity);
}

function line(row, base) {
  const name = `${row.system} ${row.version ?? ""}, ${row.variant}`;
  if (row.error) return `| ${name}: ${row.error.replaceAll("|", "\\|").slice(0, 160)} |`;
  const cells = [
    row.cpu_ms.toFixed(2),
    (row.cpu_ms / base.cpu_ms).toFixed(1),
    row.wall_ms.toFixed(2),
    row.peak_mib.toFixed(0),
    (row.peak_mib / base.peak_mib).toFixed(1),
    (row.peak_mib - row.idle_mib).toFixed(0),
    row.spikes_per_neuron.toFixed(1),
  ];
  return `| ${[name, ...cells].join(" | ")} |`;
}
