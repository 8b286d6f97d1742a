import sjson from "secure-json-parse";
import { formatSize } from "../base/size-text.js";
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from "./limits.js";
import { ProtocolError } from "./protocol-error.js";

const SHOWN_CHARACTERS = 40;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** The start of an untrusted line, made safe to show in an error message. */
export function excerpt(line: string): string {
  const start = line.slice(0, SHOWN_CHARACTERS);
  return JSON.stringify(start) + (line.length > start.length ? "…" : "");
}

/** Whether a string takes more than so many bytes of UTF-8; encoded only where its length alone does not decide. */
export function exceedsBytes(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  if (text.length * 3 <= maxBytes) return false;
  return Buffer.byteLength(text) > maxBytes;
}

/** The end of a JSON string, behind its closing quote, from the first character behind the opening one. */
function stringEnd(text: string, start: number): number {
  for (let from = start; ;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let escapes = quote;
    while (escapes > start && text.charCodeAt(escapes - 1) === BACKSLASH) escapes--;
    if ((quote - escapes) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** How JSON text goes over a bound; null when it does not. One pass, no recursion, no opinion on the rest. */
export function overBounds(text: string, maxDepth: number, maxValues: number): "depth" | "values" | null {
  let depth = 0;
  let commas = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at++);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === COMMA) {
      if (++commas >= maxValues) return "values";
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return "depth";
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return null;
}

/**
 * Parses one untrusted line: size first, then depth and number of values, then JSON without keys that reach into
 * prototypes. Throws `ProtocolError` (PROTOCOL_MESSAGE_TOO_LARGE, _TOO_DEEP, _TOO_MANY_VALUES, _NOT_JSON, _FORBIDDEN_KEY).
 */
export function parseJson(line: string, maxBytes: number): unknown {
  if (exceedsBytes(line, maxBytes)) {
    throw new ProtocolError("PROTOCOL_MESSAGE_TOO_LARGE", `a message is over ${formatSize(maxBytes)}`);
  }
  const over = overBounds(line, MAX_JSON_DEPTH, MAX_JSON_VALUES);
  if (over === "depth") {
    throw new ProtocolError("PROTOCOL_TOO_DEEP", `a message nests deeper than ${MAX_JSON_DEPTH} levels`);
  }
  if (over === "values") {
    throw new ProtocolError("PROTOCOL_TOO_MANY_VALUES", `a message holds more than ${MAX_JSON_VALUES} values`, {
      remedy: "The integration must say less in one message.",
    });
  }
  let value: unknown;
  try {
    value = sjson.parse(line, undefined, { protoAction: "error", constructorAction: "error" });
  } catch (cause) {
    throw isJson(line)
      ? new ProtocolError("PROTOCOL_FORBIDDEN_KEY", "a message holds a key that reaches into prototypes", { cause })
      : new ProtocolError("PROTOCOL_NOT_JSON", `it wrote a line that is not JSON; it starts with ${excerpt(line)}`, {
          cause,
          remedy: "Standard output is for protocol lines alone; log lines belong on standard error.",
        });
  }
  return value;
}

/** secure-json-parse throws SyntaxError for both faults; only the text decides which it was. */
function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
