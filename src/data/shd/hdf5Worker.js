// HDF5 on a thread of its own, which whoever started it may end: no damage of a file is known to be harmless to the library.
// One message is one question, { call, path, from, to }; the answer is { value }, { abroad } with the name of another file
// that the library wanted to open, or { failure }.
import fs from "node:fs";
import { basename, resolve } from "node:path";
import { parentPort, workerData } from "node:worker_threads";

const { mostMemory } = workerData;

/** The only file that may be opened, and the first other one that the library asked for. */
let [allowed, abroad] = ["", undefined];

/** Folders of filters. */
let plugins = [];

/** A file may name any other of this machine: in external links, as its raw data, as sources of virtual data sets. */
const { openSync } = fs;
fs.openSync = (path, flags, ...rest) => {
  // The library has paths alone: by a URL Node itself opens a module.
  if (path instanceof URL) return openSync(path, flags, ...rest);
  // The library keeps texts of errors in temporary files, which it makes anew.
  const isNew = (flags & fs.constants.O_EXCL) !== 0 && /^tmpfile_/.test(basename(path));
  if (isNew || resolve(path) === allowed) return openSync(path, flags, ...rest);
  // It looks for more filters whenever it fails, and there are none.
  if (!plugins.includes(path)) abroad ??= path;
  throw Object.assign(new Error("another file"), { code: "EACCES" });
};

// The library keeps in a file when each part was made: the same content is to be the same bytes.
Date.now = () => 0;

// What it prints belongs to nobody, also where it prints past the streams of this thread.
for (const name of ["log", "warn", "error"]) console[name] = () => {};
const { writeSync } = fs;
fs.writeSync = (file, bytes, offset, length, ...rest) =>
  file === 1 || file === 2 ? length : writeSync(file, bytes, offset, length, ...rest);

const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65536 > mostMemory) throw new RangeError("no more memory");
  return grow.call(this, pages);
};

const h5wasm = await import("h5wasm/node");
const library = await h5wasm.ready;
// Without it HDF5 prints its call stack to the terminal and goes on.
library.activate_throwing_error_handler();
plugins = library.get_plugin_search_paths();

let file;

const calls = {
  open({ path }) {
    allowed = resolve(path);
    file = new h5wasm.File(path, "r");
  },

  /** A file with these groups and datasets, those above first. */
  write({ path, entries }) {
    allowed = resolve(path);
    const made = new h5wasm.File(path, "w");
    for (const { name, data, shape } of entries) {
      const [folder, last] = name.split(/\/(?=[^/]*$)/);
      const group = folder === "" ? made : made.get(folder);
      if (data === undefined) group.create_group(last);
      else group.create_dataset({ name: last, data, shape });
    }
    made.close();
  },

  /** Names of what is in a group; undefined if there is none. */
  members({ path }) {
    const entity = file.get(path);
    return entity instanceof h5wasm.Group ? entity.keys() : undefined;
  },

  /** What is at a path; null if it is no dataset, undefined if nothing is there. */
  find({ path }) {
    const entity = file.get(path);
    if (!(entity instanceof h5wasm.Dataset)) return entity === null ? undefined : null;
    const { metadata } = entity;
    return { ...metadata, filters: metadata.chunks ? entity.filters : [] };
  },

  list({ path }) {
    const dataset = file.get(path);
    asBits(dataset.metadata);
    return dataset.value;
  },

  /** The variable-length arrays of entries `from` … `to` − 1, one behind another, and their lengths. */
  arrays({ path, from, to }) {
    const dataset = file.get(path);
    const { vlen_type: type } = dataset.metadata;
    asBits(type);
    const entries = dataset.slice([[from, to]]);
    const lengths = Uint32Array.from(entries, ({ length }) => length);
    return { lengths, numbers: joined(entries) };
  },

  /** Only how long they are. */
  lengths(range) {
    return calls.arrays(range).lengths;
  },
};

/** h5wasm refuses float16. As integers of two bytes it reads their bits. */
function asBits(type) {
  if (type.type === 1 && type.size === 2) Object.assign(type, { type: 0, signed: false });
}

function joined(entries) {
  if (entries.length === 1) return entries[0];
  const all = new entries[0].constructor(entries.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const entry of entries) {
    all.set(entry, at);
    at += entry.length;
  }
  return all;
}

parentPort.on("message", ({ call, ...question }) => {
  let answer;
  try {
    const value = calls[call](question);
    answer = { value };
  } catch (error) {
    answer = { failure: String(error instanceof Error ? error.message : error) };
  }
  if (abroad !== undefined) answer = { abroad };
  const buffer = answer.value?.numbers?.buffer;
  parentPort.postMessage(answer, buffer ? [buffer] : []);
});
parentPort.postMessage("ready");
