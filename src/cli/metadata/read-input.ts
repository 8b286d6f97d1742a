import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { formatSize } from "../../base/size-text.js";
import { MetadataError } from "../../hosts/terraform/metadata/metadata-error.js";
import { CliError } from "../cli-error.js";
import type { CommandContext } from "../command.js";

/** Standard input to its end, as text. Throws `CliError` CLI_USAGE at a terminal, `MetadataError` METADATA_TOO_LARGE. */
export async function readInput(context: CommandContext, what: string, maxBytes: number): Promise<string> {
  return (await readStandardInput(context, what, maxBytes)).toString("utf8");
}

async function readStandardInput({ io }: CommandContext, what: string, maxBytes: number): Promise<Buffer> {
  const stream = io.stdin();
  if (stream.isTTY === true) {
    throw new CliError("CLI_USAGE", `${what} is to be read from standard input, but that is a terminal`, {
      remedy: "Pipe it in.",
    });
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw tooLarge(what, maxBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** A file, or standard input for `-`. Throws `MetadataError`: METADATA_ARGUMENTS, METADATA_TOO_LARGE. */
export async function readFileOrInput(context: CommandContext, path: string, maxBytes: number): Promise<Buffer> {
  if (path === "-") return readStandardInput(context, "an export", maxBytes);
  const file = await open(resolve(context.io.cwd, path)).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    return await file.readFile();
  } catch (cause) {
    throw cause instanceof MetadataError ? cause : unreadable(path, cause);
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: unknown): MetadataError {
  const reason = cause instanceof Error ? cause.message.replace(/, (?:open|read).*$/, "") : "unknown reason";
  return new MetadataError("METADATA_ARGUMENTS", `${path} cannot be read: ${reason}`, {
    cause,
    remedy: "Look at its path.",
  });
}

function tooLarge(what: string, maxBytes: number): MetadataError {
  return new MetadataError("METADATA_TOO_LARGE", `${what} is over ${formatSize(maxBytes)}`);
}
