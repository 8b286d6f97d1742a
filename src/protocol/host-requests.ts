import * as v from "valibot";
import { REQUEST_LIMITS } from "./limits.js";

/** Request from the guest: an HTTP request to a granted host. */
export const METHOD_FETCH = "http/fetch";
/** Request from the guest: what is in a granted file. */
export const METHOD_READ_FILE = "files/read";

/** `text`: UTF-8. `base64`: any bytes. */
const EncodingSchema = v.optional(v.picklist(["text", "base64"]), "text");

/** What `http/fetch` sends. */
export const HTTP_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Headers that are the host's to set: they say where a message goes, or where it ends. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const HeaderNameSchema = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/, "not the name of a header"),
  v.check(
    (name) => !OWN_HEADERS.has(name.toLowerCase()) && !name.toLowerCase().startsWith("proxy-"),
    "a header that the host sets itself",
  ),
);
const HeaderValueSchema = v.pipe(v.string(), v.regex(/^[\t\u0020-\u007e\u0080-\u00ff]*$/, "not the value of a header"));
const HeadersSchema = v.pipe(
  v.record(HeaderNameSchema, HeaderValueSchema),
  v.check((headers) => Object.keys(headers).length <= REQUEST_LIMITS.requestHeaders, "too many headers"),
  v.check(
    (headers) => Object.entries(headers).flat().join("").length <= REQUEST_LIMITS.headerBytes,
    "the headers are too large",
  ),
);

export const FetchParamsSchema = v.strictObject({
  url: v.pipe(v.string(), v.maxLength(REQUEST_LIMITS.urlLength)),
  method: v.optional(v.picklist(HTTP_METHODS), "GET"),
  headers: v.optional(HeadersSchema, {}),
  body: v.optional(v.string()),
  /** Of `body`. */
  body_encoding: EncodingSchema,
  /** That the response's body is wanted in; in `text`, bytes that are no UTF-8 become U+FFFD. */
  encoding: EncodingSchema,
});
export type FetchParams = v.InferOutput<typeof FetchParamsSchema>;

export const FetchResultSchema = v.object({
  status: v.number(),
  /** Names in lower case; several values of one name joined by a comma. */
  headers: v.record(v.string(), v.string()),
  body: v.string(),
});
export type FetchResult = v.InferOutput<typeof FetchResultSchema>;

export const ReadFileParamsSchema = v.strictObject({
  /** As it is granted. */
  path: v.string(),
  /** That the content is wanted in; `text` is for files of UTF-8 alone. */
  encoding: EncodingSchema,
});
export type ReadFileParams = v.InferOutput<typeof ReadFileParamsSchema>;

export const ReadFileResultSchema = v.object({ content: v.string() });
export type ReadFileResult = v.InferOutput<typeof ReadFileResultSchema>;
