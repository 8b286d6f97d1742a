import { resolve } from "node:path";
import type { CoreKind } from "../../../declare/files.js";
import { CONFIGURATION_LIMITS } from "./limits.js";
import type { ConfigurationLimits } from "./limits.js";
import { ModuleFiles } from "./module-files.js";
import { readManifest } from "./module-manifest.js";
import type { Attribute, ModuleParts, Part, ResourcePart } from "./module-parts.js";
import { isRepeated, localSource, readModuleTree } from "./module-tree.js";
import type { ModuleNode } from "./module-tree.js";
import { providerOfResource, resolveProvider, sourceOf } from "./provider-scope.js";
import { impliedName } from "./provider-source.js";
import type {
  ConfiguredProvider,
  ConfiguredResource,
  Execution,
  Literals,
  Refactoring,
  SensitiveVariable,
  StaticConfiguration,
} from "./types.js";

/** How a configuration is read. */
export interface ReadConfigurationOptions {
  /** Where `init` keeps its files: `.terraform`, or `TF_DATA_DIR`. A relative one starts from the root module. */
  readonly dataDir: string;
  /**
   * The folder that core works in, which relative folders in the manifest of modules start from. Without it that is the
   * root module.
   */
  readonly workingDirectory?: string;
  /** Core's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Which core will read the files; Terraform passes over `.tofu` files. Without it OpenTofu's rules hold. */
  readonly core?: CoreKind;
  readonly limits?: ConfigurationLimits;
}

/** Arguments that core takes for itself, in any block of the kind; `provider` blocks have fewer. */
const RESOURCE_META: ReadonlySet<string> = new Set([
  "count",
  "for_each",
  "provider",
  "depends_on",
  "lifecycle",
  "provisioner",
  "connection",
  "dynamic",
]);
const PROVIDER_META: ReadonlySet<string> = new Set(["alias", "version", "for_each", "integration"]);

/**
 * Reads what the files of a root module and of all modules below it say, before core evaluates anything. Core judges the
 * files: what cannot be read, or is over a limit, makes the answer `incomplete` and is never an error.
 * Throws a `ConfigurationError` with `CONFIGURATION_MODULE_INTEGRATION`.
 */
export async function readConfiguration(root: string, options: ReadConfigurationOptions): Promise<StaticConfiguration> {
  const { core = "opentofu", environment = {}, workingDirectory = root, limits = CONFIGURATION_LIMITS } = options;
  const folder = resolve(root);
  const manifest = await readManifest(resolve(workingDirectory), resolve(folder, options.dataDir));
  const tree = await readModuleTree(folder, manifest, new ModuleFiles(core, limits), limits);
  const resources: ConfiguredResource[] = [];
  let incomplete = tree.incomplete;
  for (const module of tree.modules) {
    for (const part of module.parts.resources.values()) {
      if (resources.length < limits.resources) resources.push(resourceOf(part, module));
      else incomplete = true;
    }
  }
  const [top] = tree.modules;
  return Object.freeze({
    incomplete,
    resources: Object.freeze(resources),
    providers: Object.freeze(top === undefined ? [] : providersOf(top)),
    requiredProviders: new Set(tree.modules.flatMap(sourcesOf)),
    sensitiveVariables: Object.freeze(tree.modules.flatMap(sensitiveVariablesOf)),
    refactorings: Object.freeze(tree.modules.flatMap(refactoringsOf)),
    localModules: Object.freeze([...new Set(tree.modules.filter(isLocal).map(({ folder }) => folder))]),
    execution: executionOf(top?.parts, environment),
    backend: top?.parts.backend?.type ?? null,
  });
}

/** Whether every call on the way to a module names a folder. */
function isLocal({ call, parent }: ModuleNode): boolean {
  if (call === null || parent === null) return false;
  return localSource(call) !== undefined && (parent.call === null || isLocal(parent));
}

function resourceOf(part: ResourcePart, module: ModuleNode): ConfiguredResource {
  const { mode, type, name, location } = part;
  const steps = module.path.map((call) => `module.${call}.`).join("");
  return Object.freeze({
    modulePath: module.path,
    mode,
    type,
    name,
    address: `${steps}${mode === "data" ? "data." : ""}${type}.${name}`,
    repeated: module.repeated || isRepeated(part),
    provider: Object.freeze(resolveProvider(providerOfResource(textOf(part, "provider"), type), module)),
    literals: literalsOf(part, RESOURCE_META),
    location,
  });
}

function providersOf(root: ModuleNode): ConfiguredProvider[] {
  return [...root.parts.providers.values()].map((part) => {
    const { localName, alias, location } = part;
    const source = sourceOf(localName, root);
    const written = new Set([...part.attributes.keys()].filter((name) => !PROVIDER_META.has(name)));
    return Object.freeze({ localName, alias, source, literals: literalsOf(part, PROVIDER_META), written, location });
  });
}

/** The sources of all providers that a module requires, configures, or uses. */
function sourcesOf(module: ModuleNode): string[] {
  const { parts } = module;
  const used = [...parts.resources.values()].map((part) => providerOfResource(textOf(part, "provider"), part.type));
  const names = new Set([
    ...parts.required.keys(),
    ...[...parts.providers.values()].map(({ localName }) => localName),
    ...used.map(({ localName }) => localName),
    ...[...parts.ephemeralTypes].map(impliedName),
  ]);
  return [...names].map((localName) => sourceOf(localName, module));
}

function sensitiveVariablesOf({ path, parts }: ModuleNode): SensitiveVariable[] {
  return [...parts.variables].flatMap(([name, { attributes }]) => {
    if (!isTrue(attributes.get("sensitive")) && !isTrue(attributes.get("ephemeral"))) return [];
    return [Object.freeze({ modulePath: path, name, defaultValue: attributes.get("default")?.value })];
  });
}

/** Core converts the string, too. */
function isTrue(attribute: Attribute | undefined): boolean {
  return attribute?.value === true || attribute?.value === "true";
}

function refactoringsOf({ path, parts }: ModuleNode): Refactoring[] {
  return parts.refactorings.map((part) => {
    const { kind, location } = part;
    const [from = null, to = null] = [textOf(part, "from"), textOf(part, "to")];
    return Object.freeze({ kind, modulePath: path, from, to, location });
  });
}

function executionOf(
  root: ModuleParts | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Execution {
  const forcedLocal = (environment["TF_FORCE_LOCAL_BACKEND"] ?? "") !== "";
  if (root === undefined || forcedLocal) return { kind: "local" };
  if (root.cloud !== null) return { kind: "remote", block: "cloud", location: root.cloud };
  if (root.backend?.type !== "remote") return { kind: "local" };
  return { kind: "remote", block: "remote", location: root.backend.location };
}

function literalsOf({ attributes }: Part, meta: ReadonlySet<string>): Literals {
  return new Map(
    [...attributes].flatMap(([name, { value }]) => (value === undefined || meta.has(name) ? [] : [[name, value]])),
  );
}

function textOf({ attributes }: Part, name: string): string | undefined {
  return attributes.get(name)?.text;
}
