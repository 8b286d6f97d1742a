import { AirlockError } from "./airlock-error.js";

/** A message that breaks protocol v1. The guest that sent it is broken; its message is never used. */
export const PROTOCOL_ERROR_CODES = [
  /** A line is longer than the allowed message size. */
  "PROTOCOL_MESSAGE_TOO_LARGE",
  /** A line is not JSON. */
  "PROTOCOL_NOT_JSON",
  /** JSON nested deeper than allowed. */
  "PROTOCOL_TOO_DEEP",
  /** JSON with more values than allowed. */
  "PROTOCOL_TOO_MANY_VALUES",
  /** A key such as `__proto__`, which would reach into the prototype of an object. */
  "PROTOCOL_FORBIDDEN_KEY",
  /** JSON, but no JSON-RPC 2.0 message. */
  "PROTOCOL_NOT_JSON_RPC",
  /** An answer to a request that was never made, or made of another guest. */
  "PROTOCOL_WRONG_ID",
  /** More than one answer to one request. */
  "PROTOCOL_TWO_ANSWERS",
  /** No answer to a request. */
  "PROTOCOL_NO_ANSWER",
  /** The result is not of the form that its hook asks for. */
  "PROTOCOL_BAD_RESULT",
  /** The guest answered with a JSON-RPC error. */
  "PROTOCOL_ERROR_ANSWER",
  /** Host and guest speak different protocol versions. */
  "PROTOCOL_VERSION_MISMATCH",
] as const;

export type ProtocolErrorCode = (typeof PROTOCOL_ERROR_CODES)[number];

/** Thrown for every byte of a guest that protocol v1 does not allow. */
export class ProtocolError extends AirlockError<ProtocolErrorCode> {}
