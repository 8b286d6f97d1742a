import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Node, Parser as TreeSitterParser } from "web-tree-sitter";
import { DeclareError } from "./declare-error.js";
import type { SourceText } from "./source-text.js";

/** Hostile text takes seconds and hundreds of MB for each MB of it, so what is parsed has a cap of its own. */
export const MAX_HCL_BYTES = 1024 * 1024;

let loading: Promise<TreeSitterParser> | undefined;

/**
 * Hands the root of the file's syntax tree to `use`; no node may be kept after it returns.
 * The parser is loaded at the first call only (about 20 ms). Throws `DECLARE_TOO_LARGE`, and
 * `DECLARE_UNREADABLE` when the parser's own files are missing.
 */
export async function withSyntaxTree<T>(source: SourceText, use: (root: Node) => T): Promise<T> {
  if (Buffer.byteLength(source.text) > MAX_HCL_BYTES) {
    throw source.error(
      "DECLARE_TOO_LARGE",
      0,
      `a file with integration blocks may hold ${MAX_HCL_BYTES} bytes at most`,
      {
        remedy: "Put the integration blocks into a file of their own.",
      },
    );
  }
  loading ??= load();
  const tree = parse(await loading, source);
  try {
    return use(tree.rootNode);
  } finally {
    tree.delete();
  }
}

function parse(parser: TreeSitterParser, source: SourceText) {
  let cause: unknown;
  try {
    // The grammar wants a line end after the last line of a heredoc.
    const tree = parser.parse(`${source.text}\n`);
    if (tree !== null) return tree;
  } catch (error) {
    cause = error;
  }
  throw source.error("DECLARE_TOO_LARGE", 0, "the parser gave up on this file", { cause });
}

async function load(): Promise<TreeSitterParser> {
  try {
    const require = createRequire(import.meta.url);
    const { Language, Parser } = await import("web-tree-sitter");
    await Parser.init({ locateFile: () => require.resolve("web-tree-sitter/web-tree-sitter.wasm") });
    const grammar = await readFile(require.resolve("@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm"));
    return new Parser().setLanguage(await Language.load(grammar));
  } catch (cause) {
    loading = undefined;
    throw new DeclareError("DECLARE_UNREADABLE", "the HCL parser could not be loaded", {
      cause,
      remedy: "Install airlock-runtime again; its dependencies are not complete.",
    });
  }
}
