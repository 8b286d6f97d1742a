import * as v from "valibot";
import { GUEST_ERROR_CODES } from "../../runtimes/guest-error.js";
import { CALL_LIMITS, REQUEST_LIMITS } from "../protocol/limits.js";
import { LOG_LEVELS } from "../protocol/messages.js";
import type { SandboxedSpec } from "../../runtimes/guest.js";
import type { TextFrame } from "./frames.js";
import { SandboxError } from "./sandbox-error.js";

const MAX_TEXT = 4_096;

/** A config, and the JSON Schema of the package that it must match. */
export interface ConfigCheck {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a worker can be asked to run: a guest, or (for an integration that runs elsewhere) the check of its config alone. */
export type ProgramSpec = (SandboxedSpec | ConfigOnlySpec) & {
  /** Checked before anything of the guest is loaded. */
  readonly configCheck?: ConfigCheck;
};

interface ConfigOnlySpec extends Pick<SandboxedSpec, "name" | "limits"> {
  readonly kind: "config-only";
}

/** Parent to sandbox host. Trusted. */
export type HostMessage = ControlMessage | LineMessage;

/** A request line for a guest; it goes as a text frame. */
type LineMessage = readonly ["line", guestId: number, seq: number, timeoutMs: number, line: string];

/** All that goes as msgpack. */
export type ControlMessage =
  /** Makes a pool of `threads` workers for one integration. */
  | readonly ["pool", poolId: number, threads: number, spec: ProgramSpec]
  /** Starts a fresh guest of that pool. */
  | readonly ["open", guestId: number, poolId: number]
  /** The host's answer to the request that the guest made in this call. */
  | readonly ["reply", guestId: number, seq: number, answer: string]
  | readonly ["close", guestId: number]
  | readonly ["drop", poolId: number];

/** Ours are far shorter; a longer one is no reason to lose every guest. */
const text = v.pipe(
  v.string(),
  v.transform((said) => said.slice(0, MAX_TEXT)),
);

const id = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Sandbox host to parent, as msgpack. Untrusted: a guest that broke its first wall could speak here. */
export const SandboxMessageSchema = v.union([
  v.strictTuple([v.literal("loaded"), id]),
  /** A request of the guest, made in this call; its thread stands still until the reply. */
  v.strictTuple([v.literal("request"), id, id, v.pipe(v.string(), v.maxLength(REQUEST_LIMITS.requestBytes))]),
  v.strictTuple([v.literal("log"), id, v.picklist(LOG_LEVELS), v.string()]),
  /** A call failed (0 = none was under way): the code, the message, whether the guest has ended with it, a remedy. */
  v.strictTuple([v.literal("failed"), id, id, v.picklist(GUEST_ERROR_CODES), text, v.boolean(), v.nullable(text)]),
]);

export type SandboxMessage = v.InferOutput<typeof SandboxMessageSchema>;

/** The lines with which a guest answered; they come as a text frame. */
export type AnswerMessage = readonly [
  "answer",
  guestId: number,
  seq: number,
  lines: readonly string[],
  elapsedUs: number,
];

/**
 * Takes an answer out of a text frame, whose size was looked at before. Throws `SandboxError` SANDBOX_BAD_FRAME for
 * what no guest can have said: more lines than it may write, or a time that counters cannot take.
 */
export function readAnswer({ guest, seq, figure, text }: TextFrame<Buffer>): AnswerMessage {
  const lines = text.toString("utf8").split("\n", CALL_LIMITS.lines + 1);
  if (lines.length > CALL_LIMITS.lines || !(figure >= 0 && figure <= Number.MAX_SAFE_INTEGER)) {
    throw new SandboxError("SANDBOX_BAD_FRAME", "the sandbox host sent an answer that no guest can give");
  }
  return ["answer", guest, seq, lines, figure];
}
