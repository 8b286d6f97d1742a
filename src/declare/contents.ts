import { isUtf8 } from "node:buffer";
import { NO_CONTENTS } from "./block.js";
import type { FileContents, TextRange } from "./block.js";
import { DeclareError } from "./declare-error.js";
import type { DeclarationFile } from "./files.js";
import { mentionsIntegration, readAirlockFile, readConfigurationFile } from "./hcl-file.js";
import { mentionsIntegrationKey, readJsonFile } from "./json-file.js";
import type { Problems } from "./problems.js";
import { SourceText } from "./source-text.js";

/** A piece of a file, in bytes from 0; `end` is the first byte behind it. */
export type ByteRange = TextRange;

/** What one file declares, and what core must not see of it, in bytes. */
export interface BytesRead extends Omit<FileContents, "hidden"> {
  readonly hiddenBytes: readonly ByteRange[];
}

const BYTE_ORDER_MARK = "\ufeff";

/**
 * What the bytes of a file declare. Throws a `DeclareError` when they cannot be read, are not UTF-8, or are of an
 * override file, which may declare nothing; other faults go to `problems`.
 */
export async function readContents(file: DeclarationFile, bytes: Buffer, problems: Problems): Promise<BytesRead> {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const marked = text.startsWith(BYTE_ORDER_MARK);
  const source = new SourceText(file.path, marked ? text.slice(1) : text);
  const couldDeclare = file.syntax === "airlock" || bytes.includes("integration") || bytes.includes("\\u");
  const contents = couldDeclare ? await readSource(file, source, problems) : NO_CONTENTS;
  checkFile(file, source, contents, bytes);
  const { hidden, ...declared } = contents;
  return { ...declared, hiddenBytes: byteRanges(hidden, source.text, marked ? Buffer.byteLength(BYTE_ORDER_MARK) : 0) };
}

async function readSource(file: DeclarationFile, source: SourceText, problems: Problems): Promise<FileContents> {
  switch (file.syntax) {
    case "airlock":
      return readAirlockFile(source, problems);
    case "hcl":
      return mentionsIntegration(source.text) ? readConfigurationFile(source, problems) : NO_CONTENTS;
    case "json":
      return mentionsIntegrationKey(source.text) ? readJsonFile(source, problems) : NO_CONTENTS;
  }
}

function checkFile(file: DeclarationFile, source: SourceText, contents: FileContents, bytes: Buffer): void {
  const [inProvider] = contents.providerIntegrations;
  const first = contents.blocks[0]?.offset ?? contents.hidden[0]?.start;
  const location = first === undefined ? inProvider?.location : source.locate(first);
  if (location === undefined) return;
  if (!isUtf8(bytes)) {
    const offset = Math.max(source.text.indexOf("\ufffd"), 0);
    throw source.error("DECLARE_SYNTAX", offset, "the file is not UTF-8", { remedy: "Save the file as UTF-8." });
  }
  if (file.isOverride) {
    throw new DeclareError("DECLARE_MISPLACED", "integration blocks in override files are not supported", {
      location,
      remedy: "Move the block to a file that is no override file.",
    });
  }
}

function byteRanges(ranges: readonly TextRange[], text: string, before: number): ByteRange[] {
  let at = 0;
  let bytes = before;
  const toBytes = (offset: number) => {
    bytes += Buffer.byteLength(text.slice(at, offset));
    at = offset;
    return bytes;
  };
  return ranges.map(({ start, end }) => ({ start: toBytes(start), end: toBytes(end) }));
}
