/** A Slurm of one node and two processors, of its own, for as long as a test needs it. Needs root, slurm-wlm and munge. */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

const programs = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol"];

/** Why there can be none here; undefined if there can. */
export function whyNoSlurm(): string | undefined {
  if (process.getuid?.() !== 0) return "it takes root";
  const missing = programs.find((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0);
  return missing === undefined ? undefined : `${missing} is not installed (apt-get install slurm-wlm munge)`;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function configuration(folder: string, [controller, node]: readonly number[], socket: string): string {
  const host = hostname().split(".")[0]!;
  return Object.entries({
    ClusterName: "test",
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmctldPort: controller,
    SlurmdPort: node,
    SlurmUser: "root",
    SlurmdUser: "root",
    AuthType: "auth/munge",
    // A task that is put in the queue again waits until its credential is gone.
    AuthInfo: `socket=${socket},cred_expire=5`,
    CredType: "cred/munge",
    StateSaveLocation: join(folder, "state"),
    SlurmdSpoolDir: join(folder, "spool"),
    SlurmctldPidFile: join(folder, "controller.pid"),
    SlurmdPidFile: join(folder, "node.pid"),
    SlurmctldLogFile: join(folder, "controller.log"),
    SlurmdLogFile: join(folder, "node.log"),
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    SelectType: "select/cons_tres",
    SelectTypeParameters: "CR_CPU",
    JobAcctGatherType: "jobacct_gather/none",
    AccountingStorageType: "accounting_storage/none",
    SwitchType: "switch/none",
    MpiDefault: "none",
    ReturnToService: 2,
    KillWait: 5,
    NodeName: `${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN`,
    PartitionName: `main Nodes=${host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:2`,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

export class TestSlurm {
  readonly #folder: string;
  /** Of whoever is to find it. */
  readonly variables: Readonly<Record<string, string>>;

  private constructor(folder: string) {
    this.#folder = folder;
    this.variables = { SLURM_CONF: join(folder, "slurm.conf") };
  }

  static async start(): Promise<TestSlurm> {
    const folder = mkdtempSync(join(tmpdir(), "slurm-"));
    for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
    const slurm = new TestSlurm(folder);
    const socket = join(folder, "munge.socket");
    startMunge(folder, socket);
    writeFileSync(slurm.variables["SLURM_CONF"]!, configuration(folder, await freePorts(2), socket));
    slurm.startController();
    await slurm.#idle();
    return slurm;
  }

  startController(): void {
    execFileSync("slurmctld", [], { env: this.#env, stdio: "ignore" });
  }

  async stopController(): Promise<void> {
    await this.#end("controller");
  }

  /** What one of Slurm's commands answers; undefined if it refuses. */
  async ask(command: string, ...args: readonly string[]): Promise<string | undefined> {
    return run(command, args, { env: this.#env }).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
  }

  /** Numbers of the jobs and tasks that run. */
  async running(): Promise<string[]> {
    const text = await this.ask("squeue", "--noheader", "--states=running", "--format=%A");
    return text === undefined ? [] : text.split("\n").filter((line) => line !== "");
  }

  async stop(): Promise<void> {
    await this.ask("scancel", "--signal=KILL", "--user=root");
    for (const name of ["node", "controller", "munge"]) await this.#end(name);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Starts the node, and waits until it takes work. */
  async #idle(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (!existsSync(join(this.#folder, "node.pid")))
        execFileSync("slurmd", [], { env: this.#env, stdio: "ignore" });
      if ((await this.ask("sinfo", "--noheader", "--format=%T"))?.startsWith("idle")) return;
      await setTimeout(200);
    }
    throw new Error("the node of Slurm does not come up");
  }

  async #end(name: string): Promise<void> {
    const file = join(this.#folder, `${name}.pid`);
    if (!existsSync(file)) return;
    const pid = Number(readFileSync(file, "utf8"));
    const isThere = () => existsSync(`/proc/${pid}`);
    if (isThere()) process.kill(pid);
    for (let tries = 0; tries < 100 && isThere(); tries++) await setTimeout(100);
  }

  get #env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.variables };
  }
}

/** A munge of its own: the machine's may be of others, or not run. */
function startMunge(folder: string, socket: string): void {
  const key = join(folder, "munge.key");
  writeFileSync(key, Buffer.alloc(1024, 7), { mode: 0o400 });
  const files = {
    "key-file": key,
    socket,
    "pid-file": join(folder, "munge.pid"),
    "log-file": join(folder, "munge.log"),
  };
  const args = Object.entries({ ...files, "seed-file": join(folder, "munge.seed") }).map(
    ([name, value]) => `--${name}=${value}`,
  );
  execFileSync("munged", ["--force", ...args], { stdio: "ignore" });
}
