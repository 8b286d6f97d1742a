import { isUtf8 } from "node:buffer";
import { resolve } from "node:path";
import type { FileContents } from "./block.js";
import { completeDeclaration } from "./complete.js";
import type { IntegrationDeclaration, IntegrationDeclarationInput } from "./declaration.js";
import { listFiles, readBytes } from "./files.js";
import type { DeclarationFile } from "./files.js";
import { checkGraph } from "./graph.js";
import { mentionsIntegration, readAirlockFile, readConfigurationFile } from "./hcl-file.js";
import { interpretBlock } from "./interpret.js";
import { mentionsIntegrationKey, readJsonFile } from "./json-file.js";
import { Problems } from "./problems.js";
import { SourceText } from "./source-text.js";

/** What a root module declares. */
export interface DeclarationsRead {
  /** In the order of file names, then of places in the file. */
  readonly declarations: readonly IntegrationDeclaration[];
  /** What a user should know though nothing is wrong; each starts with `file:line:column: `. */
  readonly notices: readonly string[];
}

const NOTHING: FileContents = { blocks: [], notices: [] };

/**
 * Reads the project-level integrations of a root module: those of `airlock.hcl`, and of `terraform` blocks in its
 * `.tf`, `.tofu`, `.tf.json` and `.tofu.json` files. Paths in locations start with `directory` as given; the
 * declarations' own `directory` is absolute. A folder without any gives empty lists.
 * Throws a `DeclareError`: the first fault in file order, with the others in its `others`.
 */
export async function readDeclarations(directory: string): Promise<DeclarationsRead> {
  const problems = new Problems();
  const absolute = resolve(directory);
  const inputs: IntegrationDeclarationInput[] = [];
  const notices: string[] = [];
  for (const file of await listFiles(directory)) {
    const contents = await problems.attemptAsync(() => readFile(file, problems));
    if (contents === undefined) continue;
    notices.push(...contents.notices);
    for (const block of contents.blocks) {
      const input = interpretBlock(block, absolute, problems);
      if (input !== undefined) inputs.push(input);
    }
  }
  problems.throwIfAny();
  const declarations = inputs.map(completeDeclaration);
  checkGraph(declarations);
  return { declarations, notices };
}

async function readFile(file: DeclarationFile, problems: Problems): Promise<FileContents> {
  const bytes = await readBytes(file.path);
  if (file.syntax !== "airlock" && !bytes.includes("integration") && !bytes.includes("\\u")) return NOTHING;
  const source = new SourceText(file.path, new TextDecoder().decode(bytes));
  const contents = await readSource(file, source, problems);
  const [first] = contents.blocks;
  if (first !== undefined && !isUtf8(bytes)) {
    const offset = Math.max(source.text.indexOf("\ufffd"), 0);
    throw source.error("DECLARE_SYNTAX", offset, "the file is not UTF-8", { remedy: "Save the file as UTF-8." });
  }
  if (first !== undefined && file.isOverride) {
    throw source.error("DECLARE_MISPLACED", first.offset, "integration blocks in override files are not supported", {
      remedy: "Move the block to a file that is no override file.",
    });
  }
  return contents;
}

async function readSource(file: DeclarationFile, source: SourceText, problems: Problems): Promise<FileContents> {
  switch (file.syntax) {
    case "airlock":
      return readAirlockFile(source, problems);
    case "hcl":
      return mentionsIntegration(source.text) ? readConfigurationFile(source, problems) : NOTHING;
    case "json":
      return mentionsIntegrationKey(source.text) ? readJsonFile(source, problems) : NOTHING;
  }
}
