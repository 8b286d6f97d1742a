import { basename } from "node:path";
import { readContents } from "./contents.js";
import type { ByteRange } from "./contents.js";
import { configurationFile } from "./files.js";
import { Problems } from "./problems.js";

const SPACE = 0x20;
const LINE_ENDS: ReadonlySet<number> = new Set([0x0a, 0x0d]);

/**
 * The bytes of a configuration file as core may see them: the `integration` blocks of its `terraform` blocks replaced by
 * spaces. Line ends stay, so every line keeps its number and every byte outside the blocks its place; JSON stays JSON.
 * The same buffer comes back when there is nothing to hide, and for a name that core does not read.
 * Throws a `DeclareError` for what `readDeclarations` would throw for this file.
 */
export async function withoutIntegrations(path: string, bytes: Buffer): Promise<Buffer> {
  const file = configurationFile(path, basename(path));
  if (file === undefined || file.syntax === "airlock") return bytes;
  const problems = new Problems();
  const { hiddenBytes } = await readContents(file, bytes, problems);
  problems.throwIfAny();
  return hiddenBytes.length === 0 ? bytes : blanked(bytes, hiddenBytes);
}

function blanked(bytes: Buffer, ranges: readonly ByteRange[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const { start, end } of ranges) {
    for (let at = start; at < end; at += 1) {
      if (!LINE_ENDS.has(copy[at] ?? SPACE)) copy[at] = SPACE;
    }
  }
  return copy;
}
