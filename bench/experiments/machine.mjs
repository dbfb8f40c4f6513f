// On what a result was made, as results tell it.
import { cpus } from "node:os";
import { version } from "../../dist/index.js";

export const machine = `${cpus()[0].model}, ${cpus().length} processors, Node ${process.versions.node}, goldspike ${version}`;
