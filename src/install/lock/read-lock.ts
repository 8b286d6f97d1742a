import { join } from "node:path";
import * as v from "valibot";
import type { Node } from "web-tree-sitter";
import { errorCode } from "../../base/error-code.js";
import { quote } from "../../base/quote.js";
import { DeclareError } from "../../declare/declare-error.js";
import { bodyOf, keyword, labels, topLevel } from "../../declare/hcl-blocks.js";
import { hclLiteral, parts, quotedNode } from "../../declare/hcl-literal.js";
import { withSyntaxTree } from "../../declare/hcl-parser.js";
import { hclSyntaxError } from "../../declare/hcl-syntax-error.js";
import { toValue } from "../../declare/literal.js";
import { SourceText } from "../../declare/source-text.js";
import { PackageError } from "../../package/package-error.js";
import { readBounded } from "../../package/regular-file.js";
import type { SourceLocation } from "../../protocol/airlock-error.js";
import { LOCK_FILE } from "./lock.js";
import type { Lock, LockedIntegration } from "./lock.js";
import { LockError } from "./lock-error.js";
import type { LockErrorCode } from "./lock-error.js";
import { lockedIntegration, LockedSchema } from "./lock-schema.js";

const MAX_LOCK_BYTES = 1024 * 1024;
/** What version control leaves where two versions of a line meet. */
const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/m;
const REGENERATE = "Restore it from version control, or remove it and run `airlock init`.";

/**
 * What the lock in a folder pins; null where there is none. It is read strictly: whatever is not what `airlock init`
 * writes is refused. Rejects with `LockError` LOCK_UNREADABLE, LOCK_CONFLICT, LOCK_SYNTAX, LOCK_INVALID.
 */
export async function readLock(directory: string): Promise<Lock | null> {
  const path = join(directory, LOCK_FILE);
  const text = await readText(path);
  if (text === null) return null;
  const source = new SourceText(path, text);
  const conflict = CONFLICT.exec(text);
  if (conflict !== null) {
    throw fault("LOCK_CONFLICT", "it has the marks of an unfinished merge", source.locate(conflict.index), {
      remedy: "Keep one of the two sides, then run `airlock init`.",
    });
  }
  try {
    return await withSyntaxTree(source, (root) => readRoot(root, source));
  } catch (error) {
    if (!(error instanceof DeclareError)) throw error;
    const code =
      error.code === "DECLARE_SYNTAX" || error.code === "DECLARE_NOT_LITERAL" ? "LOCK_SYNTAX" : "LOCK_INVALID";
    throw fault(code, error.message, error.location, { cause: error });
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readBounded(path, MAX_LOCK_BYTES));
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return null;
    const location = { file: path, line: 1, column: 1 };
    if (cause instanceof PackageError) throw fault("LOCK_UNREADABLE", cause.message, location, { cause });
    throw fault("LOCK_SYNTAX", "it is not UTF-8", location, { cause });
  }
}

function readRoot(root: Node, source: SourceText): Lock {
  if (root.hasError) throw hclSyntaxError(root, source);
  const lock = new Map<string, LockedIntegration>();
  for (const item of topLevel(root)) {
    const entry = readBlock(item, source);
    if (lock.has(entry.source)) {
      throw fault("LOCK_INVALID", `${quote(entry.source)} is pinned twice`, source.locate(item.startIndex));
    }
    lock.set(entry.source, entry);
  }
  return lock;
}

function readBlock(item: Node, source: SourceText): LockedIntegration {
  const location = source.locate(item.startIndex);
  const [label, ...more] = item.type === "block" ? labels(item) : [];
  if (keyword(item, source) !== "integration" || label?.type !== "string_lit" || more.length > 0) {
    throw fault("LOCK_INVALID", `it takes only integration blocks, not ${quote(keyword(item, source))}`, location);
  }
  const values = new Map<string, unknown>();
  for (const argument of bodyOf(item)) {
    const [, expression] = parts(argument);
    const name = keyword(argument, source);
    if (argument.type !== "attribute" || expression === undefined || values.has(name)) {
      throw fault("LOCK_INVALID", `${quote(name)} is no argument, or here twice`, source.locate(argument.startIndex));
    }
    values.set(name, toValue(hclLiteral(expression, source), source));
  }
  const parsed = v.safeParse(LockedSchema, Object.fromEntries(values));
  if (parsed.success) return lockedIntegration(quotedNode(label, source), parsed.output);
  const [issue] = parsed.issues;
  throw fault("LOCK_INVALID", `${v.getDotPath(issue) ?? "a block"}: ${issue.message}`, location);
}

function fault(
  code: LockErrorCode,
  what: string,
  location: SourceLocation | undefined,
  more: { readonly remedy?: string; readonly cause?: unknown } = {},
): LockError {
  const context = { remedy: REGENERATE, ...more, ...(location !== undefined && { location }) };
  return new LockError(code, `the lock ${LOCK_FILE} cannot be used: ${what}`, context);
}
