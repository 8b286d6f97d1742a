import { resolve } from "node:path";
import type { Stored } from "../../hosts/terraform/metadata/entry.js";
import {
  differences,
  exported,
  isSame,
  parseExportFile,
  toExportFile,
} from "../../hosts/terraform/metadata/export-file.js";
import type { Exported } from "../../hosts/terraform/metadata/export-file.js";
import { MAX_EXPORT_BYTES } from "../../hosts/terraform/metadata/limits.js";
import type { MetadataStore } from "../../hosts/terraform/ask/store.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import { renderDifferences } from "../../report/metadata-diff.js";
import { safeLine } from "../../base/neutralise.js";
import type { CommandContext, Format } from "../command.js";
import { useColor } from "../io.js";
import { writeOutput } from "../output-file.js";
import { selected } from "./list.js";
import { readFileOrInput } from "./read-input.js";
import { noteDamaged, tell, withStore } from "./with-store.js";
import type { PlaceOptions } from "./with-store.js";

interface FilterOptions extends PlaceOptions {
  readonly integration?: string;
}

/** Runs `airlock metadata export`: to standard output without a file. */
export function runExport(
  file: string | undefined,
  options: FilterOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { io } = context;
  return withStore(options, context, async (store) => {
    const metadata = exported(selected(store.rows, [], options.integration));
    noteDamaged(store, context);
    const text = toJsonText(toExportFile(metadata));
    if (file === undefined || file === "-") {
      io.stdout.write(text);
    } else {
      await writeOutput(resolve(io.cwd, file), text);
      io.stderr.write(`exported metadata of ${metadata.size} resources to ${safeLine(file)}\n`);
    }
    return EXIT_CODES.ok;
  });
}

async function readExport(context: CommandContext, file: string): Promise<Exported> {
  return parseExportFile(await readFileOrInput(context, file, MAX_EXPORT_BYTES), file);
}

interface Import {
  readonly changes: Map<string, Map<string, Stored>>;
  readonly lines: readonly string[];
  readonly missing: readonly string[];
}

function importOf(store: MetadataStore, metadata: Exported, integration: string | undefined): Import {
  const there = new Set(
    store.objects.flatMap(({ address, mode, deposed }) => (mode === "managed" && deposed === null ? [address] : [])),
  );
  const now = exported(store.rows);
  const changes = new Map<string, Map<string, Stored>>();
  const lines: string[] = [];
  const missing: string[] = [];
  for (const [address, stored] of metadata) {
    const wanted = [...stored].filter(([name]) => integration === undefined || name === integration);
    if (wanted.length > 0 && !there.has(address)) missing.push(address);
    const other = wanted.filter(([name, value]) => !isSame(now.get(address)?.get(name) ?? null, value));
    if (!there.has(address) || other.length === 0) continue;
    changes.set(address, new Map(other));
    lines.push(...other.map(([name]) => `set ${safeLine(address)} ${safeLine(name, 100)}`));
  }
  return { changes, lines, missing };
}

/**
 * Runs `airlock metadata import`. What the file has is stored; what it does not have stays. Ends with 1 when addresses
 * of the file are not in the state.
 */
export async function runImport(
  file: string,
  options: FilterOptions & { readonly dryRun: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  const metadata = await readExport(context, file);
  return withStore(options, context, async (store) => {
    const { changes, lines, missing } = importOf(store, metadata, options.integration);
    if (!options.dryRun && changes.size > 0) await store.change(changes);
    tell(context, options.dryRun, lines);
    for (const address of missing) {
      context.io.stderr.write(`airlock: the state has no resource ${safeLine(address)}: its metadata is left out\n`);
    }
    return missing.length === 0 ? EXIT_CODES.ok : EXIT_CODES.fail;
  });
}

/** Runs `airlock metadata diff`: of two exports, or of one and the state. Ends with 1 when there are differences. */
export async function runDiff(
  file: string,
  other: string | undefined,
  options: PlaceOptions & { readonly format: Format },
  context: CommandContext,
): Promise<ExitCode> {
  const { io } = context;
  const before = await readExport(context, file);
  const after =
    other === undefined
      ? await withStore(options, context, ({ rows }) => exported(rows))
      : await readExport(context, other);
  const found = differences(before, after);
  io.stdout.write(
    options.format === "json" ? toJsonText(found) : renderDifferences(found, { color: useColor(io.stdout, io.env) }),
  );
  return found.length === 0 ? EXIT_CODES.ok : EXIT_CODES.fail;
}
