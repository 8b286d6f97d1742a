import { isUtf8 } from "node:buffer";
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Node } from "web-tree-sitter";
import { errorCode } from "../../../base/error-code.js";
import { quote } from "../../../base/quote.js";
import { DeclareError } from "../../../declare/declare-error.js";
import { readBytes } from "../../../declare/files.js";
import { bodyOf, keyword, labels, topLevel } from "../../../declare/hcl-blocks.js";
import { hclLiteral, parts, quotedNode } from "../../../declare/hcl-literal.js";
import { withSyntaxTree } from "../../../declare/hcl-parser.js";
import { hclSyntaxError } from "../../../declare/hcl-syntax-error.js";
import { SourceText } from "../../../declare/source-text.js";
import { ProviderError } from "./provider-error.js";

/** The name of the file, beside the root module. */
export const LOCK_FILE = ".terraform.lock.hcl";

/** Versions are parts of paths, so their form is checked (https://semver.org, without its precedence rules). */
const VERSION = /^[0-9]+(?:\.[0-9]+){2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
/** What core takes for a hash: a scheme and a value (`getproviders.ParseHash`). */
const HASH = /^[^:]+:/;

/** What the lock file says of one provider. */
export interface ProviderLock {
  readonly version: string;
  /** `h1:…`, `zh:…` and others, as written; empty when the argument is missing. */
  readonly hashes: readonly string[];
}

/** By full source address, as written. */
export type LockFile = ReadonlyMap<string, ProviderLock>;

/**
 * Reads the dependency lock file of a root module; without one the answer is empty. The form is core's
 * (OpenTofu, `internal/depsfile/locks_file.go`). Throws `ProviderError` PROVIDER_LOCK_INVALID with the place: it is no
 * HCL or over 1 MiB, a block or an argument is unknown, a provider is there twice, a version or a hash is malformed.
 */
export async function readLockFile(root: string): Promise<LockFile> {
  const path = join(root, LOCK_FILE);
  try {
    await access(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return new Map();
  }
  try {
    const bytes = await readBytes(path);
    const source = new SourceText(path, new TextDecoder().decode(bytes));
    if (!isUtf8(bytes)) throw source.error("DECLARE_SYNTAX", 0, "the file is not UTF-8");
    return await withSyntaxTree(source, (tree) => {
      if (tree.hasError) throw hclSyntaxError(tree, source);
      return locksOf(tree, source);
    });
  } catch (error) {
    if (!(error instanceof DeclareError)) throw error;
    throw new ProviderError("PROVIDER_LOCK_INVALID", `the lock file cannot be used: ${error.message}`, {
      cause: error,
      remedy: "Restore the file, or remove it and run: airlock init",
      ...(error.location !== undefined && { location: error.location }),
    });
  }
}

function locksOf(tree: Node, source: SourceText): LockFile {
  const locks = new Map<string, ProviderLock>();
  for (const item of topLevel(tree)) {
    const word = keyword(item, source);
    // Core ignores `module` blocks, which are meant for later versions.
    if (item.type === "block" && word === "module") continue;
    const [label, ...more] = item.type === "block" && word === "provider" ? labels(item) : [];
    if (label?.type !== "string_lit" || more.length > 0) {
      throw fault(source, item, `${quote(word)} where a block of one provider must stand`);
    }
    const address = quotedNode(label, source);
    if (locks.has(address)) throw fault(source, label, `the provider ${quote(address)} is here twice`);
    locks.set(address, providerLock(item, source));
  }
  return locks;
}

function providerLock(block: Node, source: SourceText): ProviderLock {
  let version: string | undefined;
  let hashes: readonly string[] = [];
  const seen = new Set<string>();
  for (const item of bodyOf(block)) {
    const name = keyword(item, source);
    const [, expression] = parts(item);
    if (item.type !== "attribute" || expression === undefined || seen.has(name)) {
      throw fault(source, item, `${quote(name)} cannot stand here`);
    }
    seen.add(name);
    if (name === "version") version = versionOf(expression, source);
    else if (name === "hashes") hashes = hashesOf(expression, source);
    else if (name !== "constraints") throw fault(source, item, `the argument ${quote(name)} is not known`);
  }
  if (version === undefined) throw fault(source, block, "the version is missing");
  return { version, hashes };
}

function versionOf(expression: Node, source: SourceText): string {
  const literal = hclLiteral(expression, source);
  if (literal.kind === "scalar" && typeof literal.value === "string" && VERSION.test(literal.value))
    return literal.value;
  throw fault(source, expression, "this is no version");
}

function hashesOf(expression: Node, source: SourceText): readonly string[] {
  const literal = hclLiteral(expression, source);
  const items = literal.kind === "list" ? literal.items : [];
  if (items.length === 0) throw fault(source, expression, "this is no list of hashes");
  return items.map((item) => {
    if (item.kind === "scalar" && typeof item.value === "string" && HASH.test(item.value)) return item.value;
    throw source.error("DECLARE_BAD_VALUE", item.offset, "this is no hash");
  });
}

function fault(source: SourceText, node: Node, message: string): DeclareError {
  return source.error("DECLARE_BAD_VALUE", node.startIndex, message);
}
