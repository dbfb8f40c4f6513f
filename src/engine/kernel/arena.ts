/** One block of memory handed out once, front to back; nothing is ever freed or grown. */

const alignment = 64;

export class Arena {
  #end: number;

  constructor(start: number) {
    this.#end = start;
  }

  /** Address of `bytes` new bytes, aligned for vectors and cache lines. */
  take(bytes: number): number {
    const at = Math.ceil(this.#end / alignment) * alignment;
    this.#end = at + bytes;
    return at;
  }

  /** First byte after everything taken. */
  get end(): number {
    return this.#end;
  }
}
