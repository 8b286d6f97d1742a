import type { ConfigModule, ConfigResource, PlanDocument } from "./plan-schema.js";

/** `module.` and a name, then perhaps an index: a number, or a quoted string with escapes. */
const MODULE_STEP = /(?:^|\.)module\.([^.[\]"]+)(?:\[(?:[^"\]]*|"(?:[^"\\]|\\.)*")\])?/y;

/** The names in a module address, without its index keys: `module.a["x"].module.b[0]` gives a, b. null when it is none. */
export function moduleNames(address: string): string[] | null {
  const names: string[] = [];
  let at = 0;
  while (at < address.length) {
    MODULE_STEP.lastIndex = at;
    const name = MODULE_STEP.exec(address)?.[1];
    if (name === undefined) {
      return null;
    }
    names.push(name);
    at = MODULE_STEP.lastIndex;
  }
  return names;
}

/** What the configuration says of one resource. */
export interface ResourceConfiguration {
  /** Its block, in the plan JSON's form; null when the configuration has it no more. */
  readonly block: ConfigResource | null;
  /** The alias of its provider configuration; null for the default one, and without a block. */
  readonly alias: string | null;
}

const UNKNOWN: ResourceConfiguration = { block: null, alias: null };

/** Where the configuration of a resource is found. */
export interface Configurations {
  of(resource: { module: string | null; mode: string; type: string; name: string }): ResourceConfiguration;
}

/** The address of a resource's block in its module. */
export function localAddress({ mode, type, name }: { mode: string; type: string; name: string }): string {
  return `${mode === "data" ? "data." : ""}${type}.${name}`;
}

/**
 * The alias of a provider configuration: by its key, which is `name`, `name.alias`, or either behind the address of a module and
 * a colon; null for the default one.
 */
export function aliasOf(key: string | undefined, aliases: ReadonlyMap<string, string | undefined>): string | null {
  if (key === undefined) return null;
  const suffix = key.slice(key.lastIndexOf(":") + 1).split(".")[1];
  return aliases.get(key) ?? suffix ?? null;
}

/** The configuration of a plan, by address. */
export class Configuration implements Configurations {
  readonly #root: ConfigModule | undefined;
  readonly #aliases: ReadonlyMap<string, string | undefined>;
  readonly #modules = new Map<string, ReadonlyMap<string, ConfigResource>>();

  constructor(plan: PlanDocument) {
    this.#root = plan.configuration?.root_module;
    this.#aliases = new Map(plan.configuration?.provider_config.map(([key, { alias }]) => [key, alias]));
  }

  of(resource: { module: string | null; mode: string; type: string; name: string }): ResourceConfiguration {
    const block = this.#resourcesOf(resource.module ?? "").get(localAddress(resource));
    return block === undefined ? UNKNOWN : { block, alias: aliasOf(block.provider_config_key, this.#aliases) };
  }

  #resourcesOf(moduleAddress: string): ReadonlyMap<string, ConfigResource> {
    let resources = this.#modules.get(moduleAddress);
    if (resources === undefined) {
      resources = new Map(this.#findModule(moduleAddress)?.resources.map((block) => [block.address, block]));
      this.#modules.set(moduleAddress, resources);
    }
    return resources;
  }

  #findModule(address: string): ConfigModule | undefined {
    return moduleNames(address)?.reduce(
      (module: ConfigModule | undefined, name) => module?.module_calls.find(([call]) => call === name)?.[1].module,
      this.#root,
    );
  }
}
