import { basename, resolve } from "node:path";
import { formatSize } from "../base/size-text.js";
import type { ModuleDescription } from "../../runtimes/wasm/flavour.js";
import { NAME_PATTERN } from "../declare/declaration.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import { DEFAULT_LIMITS } from "../protocol/limits.js";
import { EXIT_CODES } from "../report/exit-code.js";
import type { ExitCode } from "../report/exit-code.js";
import { toJsonText } from "../report/json.js";
import { safeLine } from "../base/neutralise.js";
import type { CommandContext, Format } from "./command.js";

/** What `airlock inspect --format json` prints. */
interface Inspection {
  readonly source: string;
  readonly kind: IntegrationPackage["kind"];
  /** How a module is run; null for other kinds. */
  readonly flavour: ModuleDescription["flavour"] | null;
  readonly path: string;
  readonly digest: string;
  /** Those of the manifest; null without: what a guest answers to `initialize` is known only when it runs. */
  readonly hooks: readonly string[] | null;
  readonly imports: readonly string[] | null;
  readonly exports: readonly string[] | null;
  readonly memory: ModuleDescription["memory"] | null;
  /** What contains an executable on this machine; null for other kinds, whose sandbox is always the same. */
  readonly isolation: string | null;
  readonly manifest: IntegrationPackage["manifest"];
}

/** A plain name that is nothing in the working directory is looked for on PATH. */
async function find(source: string, { io, services }: CommandContext): Promise<IntegrationPackage> {
  // Resolved first, so that `.` has the name of its folder.
  const name = basename(resolve(io.cwd, source)).replace(/\.\w+$/, "");
  const moduleBytes = DEFAULT_LIMITS.moduleBytes;
  try {
    return await services.resolvePackage({ name, source, directory: io.cwd, moduleBytes });
  } catch (error) {
    if (!NAME_PATTERN.test(source)) {
      throw error;
    }
    try {
      return await services.resolvePackage({ name: source, directory: io.cwd, moduleBytes, path: io.env["PATH"] });
    } catch {
      // The source as it was written is what the user has to hear about.
      throw error;
    }
  }
}

function memoryText({ initialBytes, maximumBytes }: ModuleDescription["memory"]): string {
  const maximum = maximumBytes === null ? "no maximum of its own" : `at most ${formatSize(maximumBytes)}`;
  return `${formatSize(initialBytes)} at start, ${maximum}`;
}

function listText(items: readonly string[] | null): string | null {
  return items === null ? null : items.map((item) => safeLine(item, 200)).join(", ") || "none";
}

/** Wanted grants in one line; null without. */
export function grantsText(wanted: NonNullable<Inspection["manifest"]>["wanted_grants"]): string | null {
  if (wanted === undefined) {
    return null;
  }
  const { hosts, env, files, sensitive } = wanted;
  const named = (kind: string, items: readonly string[]): string[] => items.map((item) => `${kind} ${item}`);
  return listText([
    ...named("host", hosts),
    ...named("env", env),
    ...named("file", files),
    ...(wanted.clock ? ["clock"] : []),
    ...(wanted.random ? ["random"] : []),
    ...named("sensitive", sensitive),
  ]);
}

function renderText({ manifest, ...found }: Inspection): string {
  const rows: [label: string, text: string | null][] = [
    ["source", safeLine(found.source)],
    ["kind", found.flavour === null ? found.kind : `${found.kind}, ${found.flavour} flavour`],
    ["path", safeLine(found.path)],
    ["digest", found.digest],
    ["hooks", listText(found.hooks) ?? "not known before it runs: there is no manifest that names them"],
    ["imports", listText(found.imports)],
    ["exports", listText(found.exports)],
    ["memory", found.memory === null ? null : memoryText(found.memory)],
    ["isolation", found.isolation],
    ["manifest", manifest === null ? "none" : `${safeLine(manifest.name, 100)} ${safeLine(manifest.version, 100)}`],
    ["about", manifest?.description === undefined ? null : safeLine(manifest.description)],
    ["license", manifest?.license === undefined ? null : safeLine(manifest.license, 100)],
    ["wants", grantsText(manifest?.wanted_grants)],
    ["config", manifest?.config_schema === undefined ? null : "checked against the manifest's config_schema"],
  ];
  const shown = rows.filter(([, text]) => text !== null);
  return shown.map(([label, text]) => `${label.padEnd(10)}${text ?? ""}\n`).join("");
}

/** Runs `airlock inspect`. Throws an `AirlockError` for a source that is no integration. */
export async function runInspect(source: string, format: Format, context: CommandContext): Promise<ExitCode> {
  if (source.endsWith(".tar.gz")) {
    const { runInspectArchive } = await import("./package/inspect-archive.js");
    return runInspectArchive(source, format, context);
  }
  const found = await find(source, context);
  const isModule = found.kind === "wasm" && found.code !== null;
  const description = isModule ? await context.services.describeModule(found.code) : null;
  const inspection: Inspection = {
    source: found.source,
    kind: found.kind,
    flavour: description?.flavour ?? null,
    path: found.path,
    digest: found.digest,
    hooks: found.manifest?.hooks ?? null,
    imports: description?.imports ?? null,
    exports: description?.exports ?? null,
    memory: description?.memory ?? null,
    isolation: found.kind === "executable" ? await context.services.isolation(context.io.env["PATH"]) : null,
    manifest: found.manifest,
  };
  context.io.stdout.write(format === "json" ? toJsonText(inspection) : renderText(inspection));
  return EXIT_CODES.ok;
}
