import { AirlockError } from "../../../protocol/airlock-error.js";

/** What can go wrong between core and a provider. */
export const WIRE_ERROR_CODES = [
  /** A peer broke the rules of HTTP/2; its connection was ended. */
  "WIRE_PROTOCOL",
  /** The provider's connection could not be made, or ended before the call was answered. */
  "WIRE_PROVIDER_LOST",
  /** A message is over the size that can be held. */
  "WIRE_MESSAGE_TOO_LARGE",
  /** A call that was to be looked into is not of the form "one message, one message"; it went through as it came. */
  "WIRE_NOT_UNARY",
  /** A message is compressed, so it was not looked into; it went through as it came. */
  "WIRE_COMPRESSED",
  /** The provider answered a call of ours with a gRPC status other than OK. */
  "WIRE_CALL_FAILED",
] as const;

export type WireErrorCode = (typeof WIRE_ERROR_CODES)[number];

/** The wire between core and a provider is broken, or one call on it. */
export class WireError extends AirlockError<WireErrorCode> {}
