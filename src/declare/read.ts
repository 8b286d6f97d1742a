import { resolve } from "node:path";
import type { ProviderIntegration } from "./block.js";
import { completeDeclaration } from "./complete.js";
import { readContents } from "./contents.js";
import type { ByteRange } from "./contents.js";
import type { IntegrationDeclaration, IntegrationDeclarationInput } from "./declaration.js";
import { listFiles, readBytes } from "./files.js";
import { checkGraph } from "./graph.js";
import { interpretBlock } from "./interpret.js";
import { Problems } from "./problems.js";

/** An `integration` block in a `terraform` block of a file, in bytes; in JSON with the comma that goes with it. */
export interface ProjectBlock extends ByteRange {
  /** The folder in its own spelling, and the name. */
  readonly file: string;
}

/** What a root module declares, in the order of file names, then of places in the file. */
export interface DeclarationsRead {
  /** The project-level integrations. */
  readonly declarations: readonly IntegrationDeclaration[];
  /** Those inside `provider` blocks: they take part in live runs only, where core evaluates them. */
  readonly providerIntegrations: readonly ProviderIntegration[];
  /** What of the configuration's files core would refuse: what `withoutIntegrations` takes out. */
  readonly projectBlocks: readonly ProjectBlock[];
}

/**
 * Reads the integrations of a root module: those of `airlock.hcl`, and of `terraform` and `provider` blocks in its
 * `.tf`, `.tofu`, `.tf.json` and `.tofu.json` files. Those of `provider` blocks are only named and placed. Paths in locations start with `directory` as given; the
 * declarations' own `directory` is absolute. A folder without any gives empty lists.
 * Throws a `DeclareError`: the first fault in file order, with the others in its `others`.
 */
export async function readDeclarations(directory: string): Promise<DeclarationsRead> {
  const problems = new Problems();
  const absolute = resolve(directory);
  const inputs: IntegrationDeclarationInput[] = [];
  const providerIntegrations: ProviderIntegration[] = [];
  const projectBlocks: ProjectBlock[] = [];
  for (const file of await listFiles(directory)) {
    const contents = await problems.attemptAsync(async () => readContents(file, await readBytes(file.path), problems));
    if (contents === undefined) continue;
    providerIntegrations.push(...contents.providerIntegrations);
    projectBlocks.push(...contents.hiddenBytes.map((range) => ({ file: file.path, ...range })));
    for (const block of contents.blocks) {
      const input = interpretBlock(block, absolute, problems);
      if (input !== undefined) inputs.push(input);
    }
  }
  problems.throwIfAny();
  const declarations = inputs.map(completeDeclaration);
  checkGraph(declarations);
  return { declarations, providerIntegrations, projectBlocks };
}
