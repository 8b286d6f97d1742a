import { AirlockError } from "./airlock-error.js";

/** How a request that a guest makes of its host fails. */
export const REQUEST_ERROR_CODES = [
  /** There is no such method. */
  "REQUEST_UNKNOWN",
  /** The params are not of the method's form, or it was made while no call was under way. */
  "REQUEST_INVALID",
  /** The declaration grants no such thing; the remedy is the line that would. */
  "REQUEST_NOT_GRANTED",
  /** A granted name leads to an address that no name may lead to. */
  "REQUEST_PRIVATE_ADDRESS",
  /** The name does not resolve, no connection comes about, TLS does not verify, or the connection breaks. */
  "REQUEST_UNREACHABLE",
  /** Too many redirects, or one that leads nowhere. */
  "REQUEST_REDIRECT",
  /** The response is compressed, although none was asked for. */
  "REQUEST_COMPRESSED",
  /** What came back, or the file, is over its size. */
  "REQUEST_TOO_LARGE",
  /** No complete response in time, or the call that it belonged to was over. */
  "REQUEST_TIMEOUT",
  /** Too many requests. */
  "REQUEST_RATE",
  /** A granted file cannot be read, or is no regular file inside the folder of the declaration. */
  "REQUEST_FILE",
] as const;

export type RequestErrorCode = (typeof REQUEST_ERROR_CODES)[number];

/** A request of a guest was refused or failed. The guest is told; it is no fault of the guest's by itself. */
export class RequestError extends AirlockError<RequestErrorCode> {}
