import { webcrypto } from "node:crypto";

/** Fills a window of guest memory with random bytes. */
export type RandomSource = (target: Uint8Array) => void;

/** `getRandomValues` takes no more at once (https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues). */
const CHUNK_BYTES = 65_536;
const SEED = 0x41_69_72_6c;

/** Real random bytes, for a guest that was granted them. */
export const realRandom: RandomSource = (target) => {
  for (let at = 0; at < target.length; at += CHUNK_BYTES) {
    webcrypto.getRandomValues(target.subarray(at, at + CHUNK_BYTES));
  }
};

/**
 * The same bytes for every run of the same guest: SplitMix32 from a constant seed. Good enough for hash seeds, and
 * never a secret.
 */
export function deterministicRandom(): RandomSource {
  let state = SEED;
  return (target) => {
    for (let at = 0; at < target.length; at++) {
      state = (state + 0x9e37_79b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
      target[at] = (mixed ^ (mixed >>> 15)) >>> 24;
    }
  };
}
