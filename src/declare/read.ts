import { resolve } from "node:path";
import { NO_CONTENTS } from "./block.js";
import type { ProviderIntegration } from "./block.js";
import { completeDeclaration } from "./complete.js";
import { readContents } from "./contents.js";
import type { ByteRange, BytesRead } from "./contents.js";
import type { IntegrationDeclaration } from "./declaration.js";
import { listFiles, readBytes } from "./files.js";
import type { DeclarationFile } from "./files.js";
import { checkGraph } from "./graph.js";
import { interpretBlock } from "./interpret.js";
import { Problems } from "./problems.js";
import { placeProviderIntegration } from "./provider-origin.js";
import { interpretSettings } from "./settings.js";
import type { TrustDeclaration } from "./trust.js";

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
  /** Who has to have signed what comes from elsewhere; of `airlock.hcl`. */
  readonly trust: readonly TrustDeclaration[];
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
  const absolute = resolve(directory);
  const files: FileRead[] = [];
  // One after the other: each may have many MB.
  for (const file of await listFiles(directory)) files.push(await readFile(file));
  const settings = files.flatMap(({ contents, problems }) => interpretSettings(contents.settings, problems));
  const defaultHost = settings.find((one) => one.defaultHost !== undefined)?.defaultHost;
  const inputs = files.flatMap(({ contents, problems }) =>
    contents.blocks.map((block) => interpretBlock(block, absolute, problems, defaultHost)),
  );
  const providerIntegrations = files.flatMap(({ contents, problems }) =>
    contents.providerIntegrations.map((one) => placeProviderIntegration(one, defaultHost, problems)),
  );
  Problems.throwFirst(files.map(({ problems }) => problems));
  const declarations = inputs.filter((input) => input !== undefined).map(completeDeclaration);
  checkGraph(declarations);
  return {
    declarations,
    providerIntegrations,
    trust: settings.flatMap(({ trust }) => trust),
    projectBlocks: files.flatMap(({ path, contents }) =>
      contents.hiddenBytes.map((range) => ({ file: path, ...range })),
    ),
  };
}

/** A file with its own faults: what is wrong with it shows in the order of files, whenever it is found. */
interface FileRead {
  readonly path: string;
  readonly contents: BytesRead;
  readonly problems: Problems;
}

async function readFile(file: DeclarationFile): Promise<FileRead> {
  const problems = new Problems();
  const contents = await problems.attemptAsync(async () => readContents(file, await readBytes(file.path), problems));
  return { path: file.path, contents: contents ?? { ...NO_CONTENTS, hiddenBytes: [] }, problems };
}
