import { resolve } from "node:path";
import { quote } from "../../../base/quote.js";
import { ConfigurationError } from "./configuration-error.js";
import type { ConfigurationLimits } from "./limits.js";
import type { ModuleFiles } from "./module-files.js";
import type { CallPart, ModuleParts } from "./module-parts.js";

/** A module in the tree: a folder's parts, reached by one chain of calls. */
export interface ModuleNode {
  /** Names of the calls from the root module down; empty for the root module. */
  readonly path: readonly string[];
  /** Absolute. */
  readonly folder: string;
  readonly parts: ModuleParts;
  /** Null for the root module. */
  readonly parent: ModuleNode | null;
  /** The call in the parent; null for the root module. */
  readonly call: CallPart | null;
  /** Whether a call of its path has `count` or `for_each`. */
  readonly repeated: boolean;
}

/** The modules of a configuration, each before those it calls; `incomplete` when some could not be reached. */
export interface ModuleTree {
  readonly modules: readonly ModuleNode[];
  readonly incomplete: boolean;
}

interface Pending {
  readonly node: ModuleNode;
  /** The folders from the root's down to its own. */
  readonly folders: readonly string[];
}

/**
 * Follows the module calls from the root folder: local sources by themselves, all others through the manifest.
 * Throws `CONFIGURATION_MODULE_INTEGRATION`.
 */
export async function readModuleTree(
  root: string,
  manifest: ReadonlyMap<string, string>,
  files: ModuleFiles,
  limits: Pick<ConfigurationLimits, "moduleDepth" | "modules">,
): Promise<ModuleTree> {
  const parts = await files.of(root);
  const top: ModuleNode = { path: [], folder: root, parts, parent: null, call: null, repeated: false };
  const modules: ModuleNode[] = [top];
  const pending: Pending[] = [{ node: top, folders: [root] }];
  let incomplete = parts.incomplete;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, folders } = next;
    for (const call of node.parts.calls.values()) {
      const path = [...node.path, call.name];
      const folder = folderOf(call, folders, manifest.get(path.join(".")));
      if (modules.length === limits.modules) return { modules, incomplete: true };
      if (folder === undefined || folders.includes(folder) || path.length > limits.moduleDepth) {
        incomplete = true;
        continue;
      }
      const child = await files.of(folder);
      checkNoIntegration(path, child);
      incomplete ||= child.incomplete;
      const repeated = node.repeated || isRepeated(call);
      const childNode: ModuleNode = { path, folder, parts: child, parent: node, call, repeated };
      modules.push(childNode);
      pending.push({ node: childNode, folders: [...folders, folder] });
    }
  }
  return { modules, incomplete };
}

/** Whether `count` or `for_each` makes any number of instances of it. */
export function isRepeated({ attributes }: Pick<CallPart, "attributes">): boolean {
  return attributes.has("count") || attributes.has("for_each");
}

/** The source of a call that names a folder, relative to the caller's; undefined for every other source. */
export function localSource({ attributes }: CallPart): string | undefined {
  const source = attributes.get("source")?.value;
  return typeof source === "string" && /^\.\.?[/\\]/.test(source) ? source : undefined;
}

function folderOf(call: CallPart, folders: readonly string[], installed: string | undefined): string | undefined {
  const source = localSource(call);
  return source === undefined ? installed : resolve(folders[folders.length - 1] ?? "", source);
}

function checkNoIntegration(path: readonly string[], { integration }: ModuleParts): void {
  if (integration === null) return;
  const address = path.map((name) => `module.${name}`).join(".");
  const message = `the module ${quote(address)} has an integration block; integrations belong to the root module`;
  throw new ConfigurationError("CONFIGURATION_MODULE_INTEGRATION", message, {
    location: integration,
    address,
    remedy: "Declare the integration in the root module, or in its airlock.hcl, and remove the block here.",
  });
}
