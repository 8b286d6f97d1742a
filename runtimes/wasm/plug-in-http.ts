import * as v from "valibot";
import { FetchResultSchema, METHOD_FETCH } from "../../src/protocol/host-requests.js";

/** What `http_status_code` and `http_headers` tell of the last response. */
export interface PlugInResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Before the first response, and when there was none. */
export const NO_RESPONSE: PlugInResponse = { status: 0, headers: {} };

/** Of Extism's `HttpRequest`; the host's own schema looks at the values. */
const ExtismRequestSchema = v.object({
  url: v.unknown(),
  method: v.optional(v.nullable(v.unknown())),
  headers: v.optional(v.nullable(v.unknown())),
});
const AnswerSchema = v.union([
  v.object({ result: FetchResultSchema }),
  v.object({ error: v.object({ message: v.string() }) }),
]);

/** The request line for what a plug-in gave to Extism's `http_request`; null when that is none. */
export function fetchRequest(text: string, body: Uint8Array): string | null {
  let request: v.InferOutput<typeof ExtismRequestSchema>;
  try {
    request = v.parse(ExtismRequestSchema, JSON.parse(text));
  } catch {
    return null;
  }
  const { url, method, headers } = request;
  const params = {
    url,
    ...(method != null && { method }),
    ...(headers != null && { headers }),
    ...(body.length > 0 && { body: Buffer.from(body).toString("base64"), body_encoding: "base64" }),
    encoding: "base64",
  };
  return JSON.stringify({ jsonrpc: "2.0", id: 0, method: METHOD_FETCH, params });
}

/** What came of it; `answer` is the host's line, null when it took no request. */
export function fetchResponse(answer: string | null): {
  readonly response: PlugInResponse;
  readonly body: Uint8Array;
  readonly problem: string | null;
} {
  const none = { response: NO_RESPONSE, body: new Uint8Array(0) };
  if (answer === null) return { ...none, problem: "it asked for HTTP in a form that is none" };
  const parsed = v.parse(AnswerSchema, JSON.parse(answer));
  if ("error" in parsed) return { ...none, problem: `it asked for HTTP: ${parsed.error.message}` };
  const { status, headers, body } = parsed.result;
  return { response: { status, headers }, body: Buffer.from(body, "base64"), problem: null };
}
