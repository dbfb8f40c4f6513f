/**
 * Who works on which point. A claim is a file that only one process can make: `POINT.1` for the first who comes, and `POINT.2`
 * for the one who finds the first gone, so that of several who find it gone one wins. The file of the highest number holds.
 * Its holder renews it; it is gone if its process is, which shows on the same machine, or if it is not renewed for a lease as
 * the others' own clocks measure it, whatever the clocks of other machines say.
 */
import { randomBytes } from "node:crypto";
import { open, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { cannotWrite, namesIn, textIfThere } from "../base/files.ts";
import { type Holder, isAlive, ownHolder, parseHolder } from "../run/holder.ts";

/** The claim is another's now: what this process would write, the other one writes. */
export class ClaimLost extends Error {}

/** A point that is this process's to work on. */
export interface Claim {
  /** Whose it was before, if that holder is gone. */
  readonly heir: Holder | undefined;
  /** Holders in a row that are gone without a release. */
  readonly deaths: number;
  /** @throws ClaimLost */
  readonly requireHeld: () => Promise<void>;
  /** Lets others claim the point. */
  readonly release: () => Promise<void>;
}

/** Who works on a point. */
export interface Held {
  readonly host: string;
  /** Seconds since its last sign, as far as clocks agree. */
  readonly silence: number;
}

/** What is seen of another's claim. */
interface Seen {
  readonly mark: string;
  /** ms, of this process's clock. */
  readonly since: number;
}

export class Claims {
  readonly #folder: string;
  readonly #lease: number;
  readonly #seen = new Map<string, Seen>();

  /** @param lease seconds after which a claim that is not renewed is gone */
  constructor(folder: string, lease: number) {
    this.#folder = folder;
    this.#lease = 1000 * lease;
  }

  /**
   * Tries to make a point one's own.
   *
   * @returns "held" by another who is there, or may be: "unknown" until it is renewed, or a lease has passed
   * @throws ConfigError the folder cannot be read or written
   */
  async claim(point: string): Promise<Claim | "held" | "unknown"> {
    const last = await this.#lastGeneration(point);
    const former = last === 0 ? undefined : await this.#standing(point, last);
    if (former === "held" || former === "unknown") return former;
    const path = this.#path(point, last + 1);
    // Numbers come again after a release: this tells one's own claim from any other.
    const text = JSON.stringify({ ...(await ownHolder()), token: randomBytes(6).toString("hex") });
    if (!(await made(path, text))) return "held";
    const isHeld = async () => (await this.#lastGeneration(point)) === last + 1 && textIfThere(path) === text;
    const renewal = setInterval(() => void renew(path), this.#lease / 4);
    renewal.unref();
    return {
      heir: former,
      deaths: last,
      requireHeld: async () => {
        if (!(await isHeld())) throw new ClaimLost(`${path}: is another's now`);
      },
      release: async () => {
        clearInterval(renewal);
        if (!(await isHeld())) return;
        for (let generation = 1; generation <= last + 1; generation++)
          await rm(this.#path(point, generation), { force: true });
      },
    };
  }

  /** Points that somebody has claimed who is not known to be gone, by hash. */
  async held(): Promise<Map<string, Held>> {
    const own = await ownHolder();
    const found = new Map<string, Held>();
    for (const [point, generation] of await this.#generations()) {
      const path = this.#path(point, generation);
      const holder = parseHolder(textIfThere(path));
      const file = await stat(path).catch(() => undefined);
      if (holder === undefined || file === undefined || !(await isAlive(holder, own))) continue;
      found.set(point, { host: holder.host, silence: (Date.now() - file.mtimeMs) / 1000 });
    }
    return found;
  }

  #path(point: string, generation: number): string {
    return join(this.#folder, `${point}.${generation}`);
  }

  async #lastGeneration(point: string): Promise<number> {
    return (await this.#generations()).get(point) ?? 0;
  }

  /** The highest number by point. */
  async #generations(): Promise<Map<string, number>> {
    const names = await namesIn(this.#folder);
    const last = new Map<string, number>();
    for (const name of names) {
      const [point, number] = name.split(".");
      const generation = Number(number);
      if (generation > (last.get(point!) ?? 0)) last.set(point!, generation);
    }
    return last;
  }

  /** The holder of a claim if it is gone. */
  async #standing(point: string, generation: number): Promise<Holder | "held" | "unknown" | undefined> {
    const path = this.#path(point, generation);
    const found = await stat(path).catch(() => undefined);
    // Released meanwhile: whoever did has finished the point.
    if (found === undefined) return "held";
    const holder = parseHolder(textIfThere(path));
    const own = await ownHolder();
    if (holder !== undefined && !(await isAlive(holder, own))) return holder;
    if (holder !== undefined && isNeighbour(holder, own)) return "held";
    const mark = `${generation} ${found.mtimeMs}`;
    const seen = this.#seen.get(point);
    const now = performance.now();
    if (seen?.mark !== mark) this.#seen.set(point, { mark, since: now });
    if (seen === undefined) return "unknown";
    if (seen.mark !== mark) return "held";
    return now - seen.since > this.#lease ? holder : "unknown";
  }
}

/** Whether the file was not there before, and says now who made it. */
async function made(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cannotWrite(path, error);
  }
}

/** Whether it can be seen from here that it is gone. */
function isNeighbour({ boot, namespace }: Holder, own: Holder): boolean {
  return boot !== undefined && boot === own.boot && namespace === own.namespace;
}

/** What cannot be renewed will be taken for gone, which its holder notices. */
async function renew(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}
