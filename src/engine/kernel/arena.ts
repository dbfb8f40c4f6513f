/** One block of memory handed out once, front to back; nothing is ever freed or grown. */
import { enums } from "./description.ts";
import {
  type Arrays,
  bytesOf,
  entryBytes,
  fieldsOf,
  Structure,
  type StructureName,
  type Views,
} from "./structures.ts";

/** Bytes of a cache line; arrays are padded to a multiple of it as well. */
const alignment = enums.Size.chunk;

/** A structure with all structures that it points to. */
export interface Placed {
  readonly name: StructureName;
  readonly at: number;
  readonly parts: Readonly<Record<string, Placed>>;
}

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

  /** Addresses of new arrays of a structure; those without entries take no room. */
  takeArrays<S extends StructureName, T extends Partial<Arrays<S>>>(
    name: S,
    entries: T,
    realBytes: number,
  ): Record<keyof T & string, number> {
    const taken = Object.entries(entries as Record<string, number>).map(([field, count]) => [
      field,
      this.take(count * entryBytes(fieldsOf(name)[field]![1], realBytes)),
    ]);
    return Object.fromEntries(taken) as Record<keyof T & string, number>;
  }

  /** Room for a table of structures. */
  takeTable(name: StructureName, count: number): number {
    return this.take(bytesOf(name) * count);
  }

  /** Room for a structure, and for all structures that it points to. */
  takeStructure(name: StructureName): Placed {
    const at = this.take(bytesOf(name));
    const parts = Object.entries(fieldsOf(name))
      .filter(([, [, type]]) => /^[A-Z]\w*$/.test(type))
      .map(([field, [, type]]) => [field, this.takeStructure(type as StructureName)] as const);
    return { name, at, parts: Object.fromEntries(parts) };
  }

  /** First byte after everything taken. */
  get end(): number {
    return this.#end;
  }
}

/** Writes into a structure where its parts are, into these where theirs are, and so on. */
export function connect(views: Views, { name, at, parts }: Placed): void {
  const structure = new Structure(views, name, at);
  for (const [field, part] of Object.entries(parts)) {
    structure.set(field as never, part.at);
    connect(views, part);
  }
}
