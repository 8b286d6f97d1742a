import type { PlanArchive } from "../records/plan-archive.js";
import { parseProviderAddress } from "../records/provider-address.js";

/** What events and views say of where a resource belongs. */
interface Placed {
  readonly address: string | null;
  readonly provider: { readonly source: string; readonly alias: string | null };
}

/**
 * Gives resources of a plan the alias of their provider configuration. A plan's JSON tells it only of what stands in
 * the configuration, and not of what will be deleted because it no longer does; the plan itself tells it of all.
 */
export function aliasesIn(archive: PlanArchive | null): <T extends Placed>(resource: T) => T {
  const known = new Map(
    (archive?.changes ?? []).map(({ address, provider }) => [address, parseProviderAddress(provider)?.alias]),
  );
  return (resource) => {
    const alias = resource.address === null ? undefined : known.get(resource.address);
    if (alias === undefined || alias === resource.provider.alias) return resource;
    return { ...resource, provider: { ...resource.provider, alias } };
  };
}
