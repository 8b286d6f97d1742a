import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { formatSize } from "../../base/size-text.js";
import { packFolder, readPackable } from "../../package/archive/pack.js";
import type { PackedArchive } from "../../package/archive/types.js";
import { writeWhole } from "../../package/write-file.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import { outputError } from "../output-file.js";
import type { CommandContext, Format } from "../command.js";

/** What `airlock pack` was asked for. */
export interface PackCommandOptions {
  /** None = all that the manifest names. */
  readonly platform: readonly string[];
  readonly output: string;
  readonly format: Format;
}

/** Runs `airlock pack`. All archives are made before one is written. Throws `PackageError`, and `CliError` CLI_OUTPUT. */
export async function runPack(folder: string, options: PackCommandOptions, { io }: CommandContext): Promise<ExitCode> {
  const source = resolve(io.cwd, folder);
  const { platforms } = await readPackable(source);
  const wanted = options.platform.length > 0 ? options.platform : Object.keys(platforms ?? {});
  const packed: PackedArchive[] = [];
  for (const platform of wanted.length === 0 ? [undefined] : wanted) packed.push(await packFolder(source, { platform }));
  const output = resolve(io.cwd, options.output);
  for (const { fileName, bytes } of packed) {
    try {
      await mkdir(output, { recursive: true });
      await writeWhole(join(output, fileName), bytes);
    } catch (cause) {
      throw outputError(join(output, fileName), cause instanceof Error ? cause.message : "writing failed", cause);
    }
  }
  const rows = packed.map(({ fileName, digest, size, platform }) => ({
    path: join(output, fileName),
    digest,
    size,
    platform,
  }));
  const lines = rows.map(({ path, digest, size }) => `${relative(io.cwd, path)}  ${formatSize(size)}  ${digest}\n`);
  io.stdout.write(options.format === "json" ? toJsonText({ archives: rows }) : lines.join(""));
  return EXIT_CODES.ok;
}
