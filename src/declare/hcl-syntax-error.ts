import type { Node } from "web-tree-sitter";
import { quote } from "../base/quote.js";
import { DeclareError } from "./declare-error.js";
import type { SourceText } from "./source-text.js";
import { quotedText } from "./template-text.js";

const MAX_UNEXPECTED = 20;
const OPENING: ReadonlySet<string> = new Set(["block_start", "object_start", "tuple_start"]);

/** The error of a tree whose `hasError` is set, at the place where a person would look for it. */
export function hclSyntaxError(root: Node, source: SourceText): DeclareError {
  const fault = firstFault(root);
  const opened = fault.parent?.parent;
  if (fault.isMissing && fault.type === "}" && opened?.type === "block") {
    const keyword = quote(opened.firstChild?.text ?? "");
    return source.error("DECLARE_SYNTAX", opened.startIndex, `not valid HCL: the block ${keyword} is not closed`);
  }
  return brokenString(root, fault.endIndex, source) ?? unexpected(fault, source);
}

function firstFault(root: Node): Node {
  let node = root;
  while (!node.isError && !node.isMissing) {
    const next = node.children.find((child) => child.isError || child.isMissing || child.hasError);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/**
 * The grammar lets a quoted string run over line ends; HCL does not, and what follows it is then read inside out.
 * So the first such string up to the fault is what is really wrong.
 */
function brokenString(root: Node, end: number, source: SourceText): DeclareError | undefined {
  for (const node of root.descendantsOfType("string_lit")) {
    if (node.startIndex > end) return undefined;
    if (!source.text.slice(node.startIndex, node.endIndex).includes("\n")) continue;
    try {
      quotedText(source, node.startIndex + 1, node.endIndex);
    } catch (error) {
      if (error instanceof DeclareError && error.code === "DECLARE_SYNTAX") return error;
    }
  }
  return undefined;
}

function unexpected(fault: Node, source: SourceText): DeclareError {
  const around = fault.isMissing ? (fault.parent ?? fault) : fault;
  const heredoc = around.children.findLast((child) => child.type === "heredoc_start");
  if (heredoc !== undefined) {
    return source.error("DECLARE_SYNTAX", heredoc.startIndex, "not valid HCL: this heredoc has no last line", {
      remedy: "End it with its name on a line of its own.",
    });
  }
  const offset = Math.min(stuckAt(fault, source), source.text.length);
  const last = fault.lastChild;
  if (last !== null && last.startIndex === offset && OPENING.has(last.type)) {
    return source.error("DECLARE_SYNTAX", offset, `not valid HCL: this ${quote(last.text)} is not closed`);
  }
  const rest =
    source.text
      .slice(offset)
      .split(/[\r\n]/, 1)[0]
      ?.trim() ?? "";
  const what = rest === "" ? "unexpected end of the line" : `unexpected ${quote(rest.slice(0, MAX_UNEXPECTED))}`;
  const context = rest.startsWith("'") ? { remedy: "Strings stand in double quotes." } : {};
  return source.error("DECLARE_SYNTAX", offset, `not valid HCL: ${what}`, context);
}

/** An error node that spans lines holds what was understood, too; its last child is where the parser got stuck. */
function stuckAt(fault: Node, source: SourceText): number {
  const last = fault.lastChild;
  const spansLines = source.text.slice(fault.startIndex, fault.endIndex).trim().includes("\n");
  if (!spansLines || last === null) return fault.startIndex;
  const before = last.previousSibling;
  // Outside a heredoc this token is what the scanner makes of anything it does not know.
  if (last.type !== "heredoc_identifier" || before === null) return last.startIndex;
  return before.endIndex + (/^\s*/.exec(source.text.slice(before.endIndex))?.[0].length ?? 0);
}
