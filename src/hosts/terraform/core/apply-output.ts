import type { OutputFilter } from "./output-filter.js";

/** A longer line is none of those that are looked for, in bytes. */
const MAX_LINE = 1024 * 1024;
const ESCAPES = new RegExp(String.raw`\u001b\[[\d;]*m`, "g");
/** `ApplyHuman.ResourceCount` in internal/command/views/apply.go of both cores; `destroy` has a text of its own. */
const APPLIED =
  /^Apply complete! Resources: (?:\d+ imported, )?\d+ added, \d+ changed, (\d+) destroyed(?:, \d+ forgotten)?\.$/;
const OUTPUTS = "Outputs:";

/** What is applied, and how core tells of it. */
export interface ApplyOutputOptions {
  /** The user said `destroy`. */
  readonly destroy: boolean;
  readonly json: boolean;
}

/**
 * A filter for the stdout of the apply of a plan that we had core make just before: what core would not have printed
 * had it planned and applied in one run. Takes that out of it, and gives everything else byte for byte, line by line.
 *
 * - With -json a second `version` message, and the planned changes once more.
 * - For `destroy` its own closing words in place of those of an apply, and no outputs.
 */
export class ApplyOutput implements OutputFilter {
  readonly #options: ApplyOutputOptions;
  #held = "";
  /** In the middle of a line that is too long to look at. */
  #passing = false;
  /** Behind the closing words of a destroy: the lines that may lead to outputs, until it is known. */
  #closing: string[] | "outputs" | null = null;

  constructor(options: ApplyOutputOptions) {
    this.#options = options;
  }

  push(chunk: Uint8Array): Buffer {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    const lines = (this.#held + text).split("\n");
    this.#held = lines.pop() ?? "";
    const shown = lines.map((line) => this.#shown(`${line}\n`)).join("");
    return Buffer.from(shown + this.#overlong(), "latin1");
  }

  end(): Buffer {
    const rest = this.#held === "" ? "" : this.#shown(this.#held);
    this.#held = "";
    const led = Array.isArray(this.#closing) ? this.#closing.join("") : "";
    return Buffer.from(led + rest, "latin1");
  }

  #overlong(): string {
    if (this.#held.length <= MAX_LINE && !this.#passing) return "";
    this.#passing = true;
    const part = this.#held;
    this.#held = "";
    return part;
  }

  /** One character for each byte. */
  #shown(line: string): string {
    if (this.#passing) {
      this.#passing = false;
      return line;
    }
    if (this.#options.json) return this.#message(line);
    return this.#options.destroy ? this.#text(line) : line;
  }

  #text(line: string): string {
    if (this.#closing === "outputs") return "";
    const plain = line.replace(ESCAPES, "").trimEnd();
    if (this.#closing !== null) return this.#afterClosing(line, plain);
    const removed = APPLIED.exec(plain)?.[1];
    if (removed === undefined) return line;
    this.#closing = [];
    return line.replace(plain, `Destroy complete! Resources: ${removed} destroyed.`);
  }

  /** Core ends the colour of its closing words in front of what follows, or in front of nothing. */
  #afterClosing(line: string, plain: string): string {
    const held = Array.isArray(this.#closing) ? this.#closing : [];
    if (plain === "" && held.length === 0) {
      this.#closing = [line];
      return "";
    }
    if (plain !== OUTPUTS) {
      this.#closing = null;
      return held.join("") + line;
    }
    this.#closing = "outputs";
    const [first = ""] = held;
    return first.startsWith(RESET) ? RESET : "";
  }

  #message(line: string): string {
    const message = messageOf(line);
    switch (message?.type) {
      case "version":
      case "planned_change":
        return "";
      case "outputs":
        return this.#options.destroy ? "" : line;
      case "change_summary":
        return this.#options.destroy ? destroySummary(line) : line;
      default:
        return line;
    }
  }
}

const RESET = "\u001b[0m";

/** A message of core's own; what it prints for a program that it runs is of other modules. */
function messageOf(line: string): { readonly type: unknown } | null {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(line, "latin1").toString("utf8"));
    return typeof value === "object" && value !== null && "type" in value ? value : null;
  } catch {
    return null;
  }
}

/** `ChangeSummary.String` in internal/command/views/json/change_summary.go of both cores. */
function destroySummary(line: string): string {
  return line
    .replace(
      /"@message":"Apply complete! [^"]*, (\d+) destroyed[^"]*"/,
      `"@message":"Destroy complete! Resources: $1 destroyed."`,
    )
    .replace(`"operation":"apply"`, `"operation":"destroy"`);
}
