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
  /** Whose it was before, who are gone without a release. */
  readonly former: readonly Holder[];
  /** How many of them, the last ones, have left the run as far as they found it. */
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
  /** It has changed since it was seen first: there is somebody. */
  readonly isRenewed: boolean;
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
   * @param progressOf how far the point is, in any measure: a holder that dies after some is not held against the point
   * @returns "held" by another who is there, or may be: "unknown" until it is renewed, or a lease has passed
   * @throws ConfigError the folder cannot be read or written
   */
  async claim(
    point: string,
    progressOf: (point: string) => Promise<number>,
  ): Promise<Claim | "held" | "unknown"> {
    const last = await this.#lastGeneration(point);
    const standing = last === 0 ? "gone" : await this.#standing(point, last);
    if (standing !== "gone") return standing;
    const texts = Array.from({ length: last }, (_, k) => textIfThere(this.#path(point, k + 1)));
    const progress = await progressOf(point);
    const deaths = last === 0 ? 0 : deathsAt(progress, texts.at(-1)!);
    const path = this.#path(point, last + 1);
    // Numbers come again after a release: this tells one's own claim from any other.
    const token = randomBytes(6).toString("hex");
    const text = JSON.stringify({ ...(await ownHolder()), token, progress, deaths });
    if (!(await made(path, text))) return "held";
    const isHeld = async () => (await this.#lastGeneration(point)) === last + 1 && textIfThere(path) === text;
    const renewal = setInterval(() => void renew(path), this.#lease / 4);
    renewal.unref();
    return {
      former: texts.flatMap((one) => parseHolder(one) ?? []),
      deaths,
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

  async #standing(point: string, generation: number): Promise<"gone" | "held" | "unknown"> {
    const path = this.#path(point, generation);
    const found = await stat(path).catch(() => undefined);
    // Released meanwhile.
    if (found === undefined) return "held";
    const holder = parseHolder(textIfThere(path));
    const own = await ownHolder();
    if (holder !== undefined && !(await isAlive(holder, own))) return "gone";
    if (holder !== undefined && isNeighbour(holder, own)) return "held";
    const mark = `${generation} ${found.mtimeMs}`;
    const seen = this.#seen.get(point);
    const now = performance.now();
    if (seen?.mark !== mark) this.#seen.set(point, { mark, since: now, isRenewed: seen !== undefined });
    const { since, isRenewed } = this.#seen.get(point)!;
    if (now - since > this.#lease) return "gone";
    return isRenewed ? "held" : "unknown";
  }
}

/** Holders in a row that are gone and have left a point as far as it is, of which the last has left `text`. */
function deathsAt(progress: number, text: string): number {
  try {
    const found = JSON.parse(text) as { progress?: number; deaths?: number };
    return found.progress === progress ? (found.deaths ?? 0) + 1 : 0;
  } catch {
    return 1;
  }
}

/** Whether the file was not there before, and says now who made it. */
async function made(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(text);
    } catch (error) {
      // A claim that says nothing would keep others waiting.
      await rm(path, { force: true });
      throw error;
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
