// A program of this folder as a process that is asked for training steps, and whose memory is read from outside.
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";

export class Program {
  #child;
  #lines;
  #errors = "";

  /** @param threads that the numerical libraries may start */
  constructor(command, args, threads) {
    const count = String(threads);
    const env = {
      ...process.env,
      OMP_NUM_THREADS: count,
      MKL_NUM_THREADS: count,
      OPENBLAS_NUM_THREADS: count,
      TORCHINDUCTOR_COMPILE_THREADS: "1",
      JAX_PLATFORMS: "cpu",
      PYTHONDONTWRITEBYTECODE: "1",
    };
    // XLA has no setting for it: its pool has as many threads as the process may use cores.
    this.#child = spawn("taskset", ["-c", `0-${threads - 1}`, command, ...args], {
      env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stderr.on("data", (text) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    this.#child.on("error", (error) => {
      this.#errors += error.message;
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** The next line of its output. @throws Error with the end of what it said on stderr */
  async answer() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(this.#errors.trim().split("\n").slice(-3).join(" | "));
    return JSON.parse(value);
  }

  /** Cost of that many training steps. */
  ask(steps) {
    this.#child.stdin.write(`${steps}\n`);
    return this.answer();
  }

  /** Highest resident memory so far, MiB. */
  async peak() {
    const status = await readFile(`/proc/${this.#child.pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
  }

  /** Begins the highest resident memory anew, so that compilation is left out of it. */
  forgetPeak() {
    return writeFile(`/proc/${this.#child.pid}/clear_refs`, "5");
  }

  end() {
    this.#child.stdin.end();
    this.#child.kill("SIGKILL");
  }
}
