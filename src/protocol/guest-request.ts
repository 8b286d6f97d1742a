import { createJSONRPCErrorResponse, JSONRPCErrorCode } from "json-rpc-2.0";
import * as v from "valibot";
import { RequestSchema } from "./messages.js";

/**
 * Where a sandboxed guest's lines are looked at, an exhausted heap ends the whole process, and with it other guests:
 * so what could take more than a few MiB of it is not parsed there, and gets no answer.
 */
const MAX_REQUEST_LENGTH = 65_536;

/**
 * The answer to a request that a guest makes of its host, or null when the line is none.
 * Protocol v1 has no such request without a grant, so each one gets -32601 (method not found).
 */
export function answerGuestRequest(line: string): string | null {
  if (line.length > MAX_REQUEST_LENGTH || !line.includes('"method"')) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const request = v.safeParse(RequestSchema, value);
  if (!request.success || request.output.id === undefined) return null;
  const message = `${request.output.method.slice(0, 100)} is not granted`;
  return JSON.stringify(createJSONRPCErrorResponse(request.output.id, JSONRPCErrorCode.MethodNotFound, message));
}
