import type { JsonReader } from "./json-reader.js";

const SEPARATOR = "\u0000";

/** Where the blocks of a configuration stand, by their module and their address in it. */
export class ConfigurationPlaces {
  readonly #modules = new Map<string, Map<string, number>>();

  /** What of the block that a reader has just taken is checked: all that is used of it beside its text. */
  static headOf(reader: JsonReader): unknown {
    const address = reader.member("address");
    const key = reader.member("provider_config_key");
    if (address === null || address === undefined || key === null) return reader.parsed();
    const parse = (span: { start: number; end: number }): unknown => JSON.parse(reader.slice(span));
    return { address: parse(address), ...(key !== undefined && { provider_config_key: parse(key) }) };
  }

  add(module: readonly string[], address: string, start: number): void {
    const key = module.join(SEPARATOR);
    const blocks = this.#modules.get(key) ?? new Map<string, number>();
    blocks.set(address, start);
    this.#modules.set(key, blocks);
  }

  /** The place of a block; undefined where the configuration has none of that address. */
  find(module: readonly string[], address: string): number | undefined {
    return this.#modules.get(module.join(SEPARATOR))?.get(address);
  }
}
