import { createJSONRPCErrorResponse, createJSONRPCSuccessResponse, JSONRPCErrorCode } from "json-rpc-2.0";
import * as v from "valibot";
import { parseJson } from "./json.js";
import { REQUEST_LIMITS } from "./limits.js";
import { RequestSchema } from "./messages.js";
import type { RequestError } from "./request-error.js";

/** The range of JSON-RPC that is an implementation's own. */
const SERVER_ERROR = -32_000;
const CODES: Readonly<Partial<Record<RequestError["code"], number>>> = {
  REQUEST_UNKNOWN: JSONRPCErrorCode.MethodNotFound,
  REQUEST_INVALID: JSONRPCErrorCode.InvalidParams,
};

/** A request that a guest makes of its host. */
export interface GuestRequest {
  readonly id: string | number | null;
  readonly method: string;
  readonly params: unknown;
}

/**
 * The request in a line of a guest; null when it is none, is over `REQUEST_LIMITS.requestBytes`, or holds what no
 * message may. Also called where guests live: an exhausted heap would end all of them there, hence the bounds first.
 */
export function readGuestRequest(line: string): GuestRequest | null {
  if (line.length > REQUEST_LIMITS.requestBytes || !line.includes('"method"')) return null;
  let value: unknown;
  try {
    value = parseJson(line, REQUEST_LIMITS.requestBytes);
  } catch {
    return null;
  }
  const request = v.safeParse(RequestSchema, value);
  if (!request.success || request.output.id === undefined) return null;
  const { id, method, params } = request.output;
  return { id, method, params };
}

/** The line that answers a request. */
export function answerRequest({ id }: Pick<GuestRequest, "id">, result: unknown): string {
  return JSON.stringify(createJSONRPCSuccessResponse(id, result));
}

/** The line that tells a guest why it does not get what it asked for. `data.grant` is the line that would grant it. */
export function refuseRequest({ id }: Pick<GuestRequest, "id">, { code, message, remedy }: RequestError): string {
  const said = remedy === undefined ? message : `${message}; ${remedy}`;
  return JSON.stringify(createJSONRPCErrorResponse(id, CODES[code] ?? SERVER_ERROR, said, { code }));
}
