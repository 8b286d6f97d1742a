import { MAX_HELD } from "./grpc-message.js";
import { WireError, type WireErrorCode } from "./wire-error.js";

/** Why a message was not looked into, or its call was ended. */
export function cannotHold(code: WireErrorCode, what: "request" | "answer"): WireError {
  if (code === "WIRE_MESSAGE_TOO_LARGE") return new WireError(code, tooLarge(what));
  const why = code === "WIRE_COMPRESSED" ? "compressed" : "not exactly one message";
  return new WireError(code, `the ${what} is ${why}; it went through without being looked into`);
}

export function tooLarge(what: "request" | "answer"): string {
  return `the ${what} is over ${MAX_HELD / 1_048_576} MiB`;
}
