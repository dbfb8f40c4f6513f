// Kills the process that it is preloaded into (`node --import`) at one of its file operations, as a crash would.
//
// GOLDSPIKE_CRASH is JSON: `under`, the folder below which operations count that change something; `at`, the one, from 1,
// before which the process is killed; `half`, whether half of its bytes are written first; `log`, a file elsewhere that gets
// a line for every operation. Writing a file anew and making folders above another count as the steps that they consist of.
import fs, { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

const { under, at, half = false, log } = JSON.parse(process.env.GOLDSPIKE_CRASH);
const original = { ...fs };
const whole = { ...promises };
let count = 0;

function pathOf(path) {
  return resolve(path instanceof URL ? fileURLToPath(path) : String(path));
}

const counts = (path) => path === under || path.startsWith(`${under}/`);

/** One more operation; whether it is the one of which only half is to be done. */
function step(name, path) {
  count++;
  // Names of locks and temporary files are drawn.
  const plain = (relative(under, path) || ".").replaceAll(/[0-9a-f]{12}/g, "*");
  if (log) original.appendFileSync(log, `${name} ${plain}\n`);
  if (count !== at) return false;
  if (!half) die();
  return true;
}

function die() {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

const isReading = (flags) => flags === undefined || flags === "r" || flags === fs.constants.O_RDONLY;

function bytesOf(data) {
  if (typeof data === "string") return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

const firstHalf = (bytes) => bytes.subarray(0, bytes.length >> 1);

/** Paths of open files and folders below, by descriptor. */
const opened = new Map();

function remember(fd, path) {
  if (counts(path)) opened.set(fd, path);
  else opened.delete(fd);
}

function patchHandles(prototype) {
  const of = ({ fd }) => opened.get(fd);
  const plain = prototype.write;
  prototype.write = function (data, ...rest) {
    const path = of(this);
    if (path === undefined || !step("write", path)) return plain.call(this, data, ...rest);
    return plain.call(this, firstHalf(bytesOf(data))).then(die);
  };
  const writeAll = async function (data) {
    const pieces = typeof data === "string" || ArrayBuffer.isView(data) ? [data] : data;
    for await (const piece of pieces) {
      let bytes = bytesOf(piece);
      do {
        const { bytesWritten } = await this.write(bytes);
        bytes = bytes.subarray(bytesWritten);
      } while (bytes.length > 0);
    }
  };
  prototype.writeFile = writeAll;
  prototype.appendFile = writeAll;
  for (const name of ["sync", "datasync", "truncate", "chmod", "utimes", "writev"]) {
    const plain = prototype[name];
    prototype[name] = function (...args) {
      const path = of(this);
      if (path !== undefined && step(name, path)) die();
      return plain.apply(this, args);
    };
  }
}

promises.open = async (path, flags, mode) => {
  const place = pathOf(path);
  if (counts(place) && !isReading(flags) && step("open", place)) die();
  const handle = await whole.open(path, flags, mode);
  remember(handle.fd, place);
  return handle;
};

const anew = (flags) => async (path, data, options) => {
  if (typeof path === "object" && "fd" in path) return path.writeFile(data);
  const { flag = flags, mode, flush = false } = typeof options === "object" ? options : {};
  const handle = await promises.open(path, flag, mode);
  try {
    await handle.writeFile(data);
    if (flush) await handle.sync();
  } finally {
    await handle.close();
  }
};
promises.writeFile = anew("w");
promises.appendFile = anew("a");

promises.mkdir = async (path, options) => {
  const place = pathOf(path);
  if (!counts(place)) return whole.mkdir(path, options);
  const missing = [];
  if (options?.recursive)
    for (let above = dirname(place); !original.existsSync(above); above = dirname(above))
      missing.unshift(above);
  for (const above of missing) {
    if (step("mkdir", above)) die();
    await whole.mkdir(above);
  }
  if (options?.recursive && original.existsSync(place)) return whole.mkdir(path, options);
  if (step("mkdir", place)) die();
  const made = await whole.mkdir(path, options);
  return missing[0] ?? made;
};

promises.copyFile = async (from, to, ...rest) => {
  const place = pathOf(to);
  if (counts(place) && step("copyFile", place)) {
    original.writeFileSync(to, firstHalf(original.readFileSync(from)));
    die();
  }
  return whole.copyFile(from, to, ...rest);
};

/** The path that names of these change, in the order of their arguments. */
const changing = {
  rename: 1,
  link: 1,
  symlink: 1,
  rm: 0,
  rmdir: 0,
  unlink: 0,
  truncate: 0,
  mkdtemp: 0,
  chmod: 0,
  utimes: 0,
  cp: 1,
};

function counted(functions, name, argument, place = pathOf) {
  const plain = functions[name];
  functions[name] = (...args) => {
    const path = place(args[argument]);
    if (path !== undefined && counts(path) && step(name, path)) die();
    return plain(...args);
  };
}

for (const [name, argument] of Object.entries(changing)) counted(promises, name, argument);

// What is done without promises counts as one operation each.
const byDescriptor = (place) => (typeof place === "number" ? opened.get(place) : pathOf(place));
for (const suffix of ["", "Sync"]) {
  for (const [name, argument] of Object.entries({
    ...changing,
    mkdir: 0,
    writeFile: 0,
    appendFile: 0,
    copyFile: 1,
  }))
    counted(fs, name + suffix, argument, byDescriptor);
  for (const name of ["write", "writev", "fsync", "fdatasync", "ftruncate"])
    counted(fs, name + suffix, 0, byDescriptor);
}
fs.openSync = (path, flags, mode) => {
  const place = pathOf(path);
  if (counts(place) && !isReading(flags) && step("open", place)) die();
  const fd = original.openSync(path, flags, mode);
  remember(fd, place);
  return fd;
};
fs.open = (path, ...rest) => {
  const place = pathOf(path);
  const flags = rest.length > 1 ? rest[0] : "r";
  if (counts(place) && !isReading(flags) && step("open", place)) die();
  const done = rest.pop();
  original.open(path, ...rest, (error, fd) => {
    if (!error) remember(fd, place);
    done(error, fd);
  });
};

if (isMainThread) {
  const handle = await whole.open(process.execPath, "r");
  patchHandles(Object.getPrototypeOf(handle));
  await handle.close();
  syncBuiltinESMExports();
}
