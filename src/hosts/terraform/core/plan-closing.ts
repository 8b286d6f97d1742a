import { goQuote } from "./go-quote.js";
import { productName } from "./identity.js";
import type { CoreName } from "./identity.js";
import { wordWrap } from "./word-wrap.js";

const RULE = "─";
/** More is no rule. */
const MAX_RULE = 4096;
/** How long the paragraph on generated configuration may be, in bytes: it holds a path. */
const MAX_GENERATED = 16 * 1024;

/** Core's text behind a plan, taken apart: `PlanNextStep` in internal/command/views/operation.go of both cores. */
export interface Closing {
  /** The line across, with the line break in front of it and its colours. */
  readonly rule: string;
  /** Width that core wrapped its text to. */
  readonly columns: number;
  /** The paragraph on `-generate-config-out`; empty without it. */
  readonly generated: string;
}

/** What the texts depend on. */
export interface ClosingTexts {
  readonly core: CoreName;
  /** The path that core was given as `-out`. */
  readonly planPath: string;
}

/** What core says when the plan was saved. */
export function savedText({ core, planPath }: ClosingTexts, columns: number): string {
  const saved = `Saved the plan to: ${planPath}`;
  const next = "To perform exactly these actions, run the following command to apply:";
  return `${wordWrap(`\n${saved}\n\n${next}\n    ${core} apply ${goQuote(planPath)}`, columns)}\n`;
}

/** What core says when the plan was not saved. */
export function unsavedText(core: CoreName, columns: number): string {
  const note =
    `Note: You didn't use the -out option to save this plan, so ${productName(core)} can't guarantee to take ` +
    `exactly these actions if you run "${core} apply" now.`;
  return `${wordWrap(`\n${note}`, columns)}\n`;
}

/** What reading a closing text gave: it is none, more bytes are needed to tell, or it is one of this many bytes. */
export type ReadClosing = "no" | "more" | { readonly closing: Closing; readonly length: number };

/**
 * Reads a closing text at the start of `output`, in which each character stands for one byte. It starts with the line
 * break in front of the rule, or with the colour in front of that.
 */
export function readClosing(output: string, texts: ClosingTexts): ReadClosing {
  const before = output.startsWith("\u001b") ? "\u001b[90m\n" : "\n";
  const after = output.startsWith("\u001b") ? "\u001b[0m\n" : "\n";
  const dash = bytes(RULE);
  let at = before.length;
  let count = 0;
  for (; output.startsWith(dash, at) && count < MAX_RULE; at += dash.length) count++;
  if (count === 0) return isStart(output, before + dash) ? "more" : "no";
  if (!output.startsWith(before)) return "no";
  const rest = output.slice(at);
  if (!rest.startsWith(after)) return isStart(rest, after) || isStart(rest, dash) ? "more" : "no";
  const found = readBody(rest.slice(after.length), texts, count + 1);
  if (typeof found === "string") return found;
  const ruleEnd = at + after.length;
  const closing = { rule: output.slice(0, ruleEnd), columns: count + 1, generated: found.generated };
  return { closing, length: ruleEnd + found.length };
}

type ReadBody = "no" | "more" | { readonly generated: string; readonly length: number };

function readBody(body: string, texts: ClosingTexts, columns: number): ReadBody {
  const saved = bytes(savedText(texts, columns));
  if (body.startsWith(saved)) return { generated: "", length: saved.length };
  if (isStart(body, saved)) return "more";
  const intro = bytes(`\n${productName(texts.core)} has generated configuration and written it to`);
  if (!body.startsWith(intro)) return isStart(body, intro) ? "more" : "no";
  const at = body.indexOf(saved);
  if (at > MAX_GENERATED) return "no";
  if (at >= 0) return { generated: body.slice(0, at), length: at + saved.length };
  return body.length > MAX_GENERATED + saved.length ? "no" : "more";
}

/** Whether `text` ends before `whole` is complete, and is as it up to there. */
function isStart(text: string, whole: string): boolean {
  return text.length < whole.length && whole.startsWith(text);
}

/** Text as its UTF-8 bytes, one character each. */
export function bytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
