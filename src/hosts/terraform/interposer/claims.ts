import type { ProviderBlock } from "./provider-blocks.js";

/**
 * Which provider configurations sessions of one core have taken. Core configures each once in every walk; two that look
 * the same are still two, each with guests of its own.
 */
export class Claims {
  readonly #taken = new Set<string>();

  /** One of the blocks that can be meant, and not the same again before all have been taken; undefined of none. */
  take(blocks: readonly ProviderBlock[]): ProviderBlock | undefined {
    const free = blocks.find((block) => !this.#taken.has(nameOf(block)));
    if (free === undefined) {
      // Core has begun another walk.
      for (const block of blocks) this.#taken.delete(nameOf(block));
    }
    const chosen = free ?? blocks[0];
    if (chosen !== undefined) this.#taken.add(nameOf(chosen));
    return chosen;
  }
}

function nameOf({ source, key }: ProviderBlock): string {
  return `${source} ${key}`;
}
