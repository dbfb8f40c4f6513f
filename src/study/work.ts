/** One worker of a study: it claims a point, trains it, and claims the next, until there is nothing left to do. */
import { setTimeout } from "node:timers/promises";
import { KernelError } from "../base/errors.ts";
import { FolderInUse } from "../run/lock.ts";
import type { RunConfig } from "../training/config/run.ts";
import { type Claim, ClaimLost, Claims } from "./claims.ts";
import { hasFailed, pointFault, recordFailure } from "./failures.ts";
import type { Plan } from "./halving.ts";
import { hasReached, type PointResult, resultOf } from "./pointResult.ts";
import type { Point } from "./points.ts";
import { PreparedData } from "./preparedData.ts";
import { type Known, metricsOf, planIn } from "./progress.ts";
import { runPoint } from "./runPoint.ts";
import { makeParts, type StudyFolder, studyFile } from "./studyFolder.ts";

/** Called with what happens. */
export interface WorkListener {
  onStart?(point: Point): void;
  /** A run has come to its end, or to that of a comparison. */
  onResult?(point: Point, result: PointResult): void;
  onFailure?(point: Point, line: string): void;
  onRemark?(point: Point, line: string): void;
}

export interface WorkOptions {
  readonly threads: RunConfig["threads"];
  /** Seconds after which another's claim that is not renewed is gone. */
  readonly lease: number;
  readonly listener: WorkListener;
  /** Ends the work after the batch that is being computed. */
  readonly signal: AbortSignal;
  /** The points to work on; default all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Place of the point to begin with: each of several workers begins at another one. */
  readonly start?: number | undefined;
  /** Whether to stay while others are at work, who may leave something. */
  readonly wait?: boolean | undefined;
}

/** A point at which so many processes in a row have died, without an epoch of it done, is given up. */
const mostDeaths = 20;

/** ms between two looks at what others do, at most. */
const longestWait = 2000;

/**
 * @returns why there is nothing left to do
 * @throws ConfigError the study's folder cannot be read or written
 */
export async function work(study: StudyFolder, options: WorkOptions): Promise<"done" | "interrupted"> {
  await makeParts(study.path);
  const worker = new Worker(study, options);
  for (;;) {
    const round = await worker.round();
    if (options.signal.aborted) return "interrupted";
    if (round === "nothing") return "done";
    if (round === "others")
      await setTimeout(Math.min(longestWait, 250 * options.lease), undefined, {
        signal: options.signal,
      }).catch(() => {});
  }
}

class Worker {
  readonly #study: StudyFolder;
  readonly #options: WorkOptions;
  readonly #claims: Claims;
  readonly #data = new PreparedData();
  readonly #points: readonly Point[];
  /** Results do not change any more. */
  readonly #settled = new Set<string>();
  readonly #known: Known = new Map();
  /** Runs in which somebody is at work who knows nothing of studies, as far as that was told. */
  readonly #toldInUse = new Set<string>();

  constructor(study: StudyFolder, options: WorkOptions) {
    this.#study = study;
    this.#options = options;
    this.#claims = new Claims(studyFile(study.path, "claims"), options.lease);
    const points = study.points.filter(({ hash }) => options.only?.has(hash) ?? true);
    const start = (options.start ?? 0) % Math.max(1, points.length);
    this.#points = [...points.slice(start), ...points.slice(0, start)];
  }

  /**
   * Tries every point that is not settled.
   *
   * @returns whether there was work; "others" if it may come from what others leave or decide
   */
  async round(): Promise<"work" | "others" | "nothing"> {
    const found = new Set<"work" | "others" | "nothing">();
    let plan = await planIn(this.#study, this.#known);
    for (const point of this.#points) {
      if (this.#options.signal.aborted) break;
      const outcome = await this.#attempt(point, plan);
      found.add(outcome);
      // What goes on may be decided now.
      if (outcome === "work" && this.#study.study.halving) plan = await planIn(this.#study, this.#known);
    }
    if (found.has("work")) return "work";
    return found.has("others") || plan.openAt !== undefined ? "others" : "nothing";
  }

  async #attempt(point: Point, plan: Plan): Promise<"work" | "others" | "nothing"> {
    const { hash } = point;
    if (this.#settled.has(hash)) return "nothing";
    const target = plan.epochs.get(hash)!;
    if (await this.#isDone(point, target)) {
      if (plan.openAt === undefined) this.#settled.add(hash);
      return "nothing";
    }
    const claim = await this.#claims.claim(hash, () => this.#epochsOf(point));
    if (claim === "held") return this.#options.wait ? "others" : "nothing";
    if (claim === "unknown") return "others";
    try {
      // Somebody may have finished it between the look and the claim.
      if (await this.#isDone(point, target)) return "work";
      if (claim.deaths < mostDeaths) return await this.#run(point, claim, target);
      await this.#fail(point, new KernelError(`${claim.deaths} processes in a row have died at it`));
      return "work";
    } finally {
      await claim.release();
    }
  }

  async #run(point: Point, claim: Claim, epochs: number): Promise<"work" | "others" | "nothing"> {
    const { listener, threads, signal, wait } = this.#options;
    listener.onStart?.(point);
    try {
      const end = await runPoint(this.#study, point, claim, {
        ...{ data: this.#data, threads, epochs, signal },
        onRemark: (line) => listener.onRemark?.(point, line),
      });
      if (end !== "interrupted") listener.onResult?.(point, resultOf(this.#study.path, point)!);
      return "work";
    } catch (error) {
      if (error instanceof FolderInUse) {
        if (!this.#toldInUse.has(point.hash)) listener.onRemark?.(point, error.message);
        this.#toldInUse.add(point.hash);
        return wait ? "others" : "nothing";
      }
      if (error instanceof ClaimLost) listener.onRemark?.(point, error.message);
      else await this.#fail(point, error);
      return "work";
    }
  }

  async #fail(point: Point, error: unknown): Promise<void> {
    const line = pointFault(error);
    if (line === undefined) throw error;
    await recordFailure(this.#study.path, point.hash, line);
    this.#options.listener.onFailure?.(point, line);
  }

  async #epochsOf(point: Point): Promise<number> {
    return (await metricsOf(this.#study, point)).length;
  }

  async #isDone(point: Point, epochs: number): Promise<boolean> {
    const { path } = this.#study;
    if (await hasFailed(path, point.hash)) return true;
    const result = resultOf(path, point);
    if (!hasReached(result, epochs)) return false;
    // Comparisons and tables look at every epoch; what is lost of them is written again as the run is opened.
    return (await this.#epochsOf(point)) >= result.epochs;
  }
}
