import { ResourceIndex } from "../configuration/candidates.js";
import type { StaticConfiguration } from "../configuration/types.js";
import type { BlockFinder, CandidateBlock } from "../records/address-book.js";

/** Which blocks of a configuration an object can come from, by what they say literally. */
export class ConfigurationBlocks implements BlockFinder {
  readonly #index: ResourceIndex;

  constructor(configuration: StaticConfiguration) {
    this.#index = new ResourceIndex(configuration);
  }

  find(mode: "managed" | "data", type: string, config: unknown): readonly CandidateBlock[] {
    const values = Object.fromEntries(typeof config === "object" && config !== null ? Object.entries(config) : []);
    const { resources, exact } = this.#index.candidates(type, mode, values);
    return resources.map(({ address, provider }) => ({
      address,
      single: exact,
      alias: provider.modulePath.length === 0 ? provider.alias : undefined,
    }));
  }
}
