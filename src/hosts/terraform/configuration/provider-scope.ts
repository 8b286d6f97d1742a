import type { ModuleNode } from "./module-tree.js";
import { impliedName, impliedSource, localProvider, providerSource } from "./provider-source.js";
import type { LocalProvider } from "./provider-source.js";
import type { ProviderReference } from "./types.js";

/** The source of the provider that a module knows under a name. */
export function sourceOf(localName: string, { parts }: ModuleNode): string {
  const written = parts.required.get(localName);
  const source = typeof written === "string" ? providerSource(written) : undefined;
  return source ?? impliedSource(localName);
}

/** What a resource's `provider` argument, or its type, names in its own module. */
export function providerOfResource(written: string | undefined, resourceType: string): LocalProvider {
  const named = written === undefined ? undefined : localProvider(written);
  return named ?? { localName: impliedName(resourceType), alias: null };
}

/**
 * The provider configuration that a module means, followed up through the `providers` arguments of module calls. Without
 * such an argument a child inherits the default configurations of its caller, by source (OpenTofu
 * `internal/tofu/transform_provider.go`). It ends in the root module, or where a module has a configuration of its own or
 * names an alias that nobody passes to it.
 */
export function resolveProvider(local: LocalProvider, module: ModuleNode): ProviderReference {
  const source = sourceOf(local.localName, module);
  let node = module;
  let { localName, alias } = local;
  while (node.parent !== null) {
    const passed = passedTo(localName, alias, node);
    if (passed !== undefined) ({ localName, alias } = passed);
    else if (alias !== null || node.parts.providers.has(`${localName}.`)) break;
    else localName = localNameOf(source, localName, node.parent);
    node = node.parent;
  }
  return { modulePath: node.path, localName, alias, source };
}

function passedTo(localName: string, alias: string | null, { call }: ModuleNode): LocalProvider | undefined {
  const written = call?.providers.get(alias === null ? localName : `${localName}.${alias}`);
  return written === undefined ? undefined : localProvider(written);
}

/** How a module calls the provider of this source. */
function localNameOf(source: string, wanted: string, module: ModuleNode): string {
  if (sourceOf(wanted, module) === source) return wanted;
  for (const localName of module.parts.required.keys()) {
    if (sourceOf(localName, module) === source) return localName;
  }
  return source.slice(source.lastIndexOf("/") + 1);
}
