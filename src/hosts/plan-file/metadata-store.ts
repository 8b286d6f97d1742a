import type { IntegrationResult } from "../../runtime/types.js";
import type { Metadata } from "./planned-resource.js";

const NOTHING: Metadata = {};

/** What integrations attached in this run, by address. */
export class MetadataStore {
  readonly #byAddress = new Map<string, Map<string, Readonly<Record<string, unknown>>>>();

  /** Takes what a result says of its address: data replaces what its integration attached before, null clears it. */
  take({ address, integration, metadata }: IntegrationResult): void {
    if (address === null || metadata === undefined) {
      return;
    }
    const attached = this.#byAddress.get(address) ?? new Map<string, Readonly<Record<string, unknown>>>();
    if (metadata === null) {
      attached.delete(integration);
    } else {
      attached.set(integration, metadata);
    }
    this.#byAddress.set(address, attached);
  }

  /** What is attached to an address, by integration name; a snapshot. */
  of(address: string): Metadata {
    const attached = this.#byAddress.get(address);
    return attached === undefined ? NOTHING : Object.fromEntries(attached);
  }
}
