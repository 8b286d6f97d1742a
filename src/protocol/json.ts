import sjson from "secure-json-parse";
import { MAX_JSON_DEPTH } from "./limits.js";
import { ProtocolError } from "./protocol-error.js";

const SHOWN_BYTES = 40;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The start of an untrusted line, made safe to show in an error message. */
export function excerpt(line: string): string {
  const start = line.slice(0, SHOWN_BYTES);
  return JSON.stringify(start) + (line.length > start.length ? "…" : "");
}

/** Bytes of UTF-8 that a string takes, without encoding it where the length alone decides. */
export function exceedsBytes(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  if (text.length * 3 <= maxBytes) return false;
  return Buffer.byteLength(text) > maxBytes;
}

/** Whether JSON text nests objects and arrays deeper than `maxDepth`; one pass, no recursion. */
function exceedsDepth(text: string, maxDepth: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/**
 * Parses one untrusted line: size first, then depth, then JSON without keys that reach into prototypes.
 * Throws `ProtocolError` (PROTOCOL_MESSAGE_TOO_LARGE, _TOO_DEEP, _NOT_JSON, _FORBIDDEN_KEY).
 */
export function parseJson(line: string, maxBytes: number): unknown {
  if (exceedsBytes(line, maxBytes)) {
    throw new ProtocolError("PROTOCOL_MESSAGE_TOO_LARGE", `a message is over ${maxBytes} bytes`);
  }
  if (exceedsDepth(line, MAX_JSON_DEPTH)) {
    throw new ProtocolError("PROTOCOL_TOO_DEEP", `a message nests deeper than ${MAX_JSON_DEPTH} levels`);
  }
  let value: unknown;
  try {
    value = sjson.parse(line, undefined, { protoAction: "error", constructorAction: "error" });
  } catch (cause) {
    throw isJson(line)
      ? new ProtocolError("PROTOCOL_FORBIDDEN_KEY", "a message holds a key that reaches into prototypes", { cause })
      : new ProtocolError("PROTOCOL_NOT_JSON", `a line is not JSON; it starts with ${excerpt(line)}`, { cause });
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
