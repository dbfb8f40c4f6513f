/** Bytes of compiled modules that are embedded in the program. */
import { inflateSync } from "fflate";

/**
 * @param text deflated bytes, base64
 * @param dictionary that they were deflated with
 */
export function embedded(text: string, dictionary?: Uint8Array): Uint8Array<ArrayBuffer> {
  const deflated = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return inflateSync(deflated, dictionary && { dictionary }) as Uint8Array<ArrayBuffer>;
}
