import { stateIn } from "../records/plan-archive.js";
import type { PlanArchive } from "../records/plan-archive.js";
import { parseProviderAddress } from "../records/provider-address.js";

/** What events and views say of where a resource belongs. */
interface Placed {
  readonly address: string | null;
  readonly provider: { readonly source: string; readonly alias: string | null };
}

/**
 * Gives resources of a plan the alias of their provider configuration. A plan's JSON tells it only of what stands in
 * the configuration, and not of what will be deleted because it no longer does; the plan itself tells it of all that
 * changes or may change, and the state in it of what the plan does not speak of.
 */
export function aliasesIn(archive: PlanArchive | null): <T extends Placed>(resource: T) => T {
  const planned = new Map(
    (archive?.changes ?? []).map(({ address, provider }) => [address, parseProviderAddress(provider)?.alias]),
  );
  let held: ReadonlyMap<string, string | null | undefined> | undefined;
  // Read when first asked for: mostly the plan speaks of all.
  const ofState = (address: string): string | null | undefined => {
    held ??= new Map((archive === null ? [] : stateIn(archive)).map((one) => [one.address, one.provider?.alias]));
    return held.get(address);
  };
  return (resource) => {
    if (resource.address === null) return resource;
    const alias = planned.has(resource.address) ? planned.get(resource.address) : ofState(resource.address);
    if (alias === undefined || alias === resource.provider.alias) return resource;
    return { ...resource, provider: { ...resource.provider, alias } };
  };
}
