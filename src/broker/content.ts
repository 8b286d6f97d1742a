import { RequestError } from "../protocol/request-error.js";

type Encoding = "text" | "base64";

/** Bytes as a guest wants them; in `text`, what is no UTF-8 becomes U+FFFD. */
export function encodeContent(bytes: Uint8Array, encoding: Encoding): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    encoding === "base64" ? "base64" : "utf8",
  );
}

/** The bytes that a guest sent. Throws `RequestError` REQUEST_INVALID for what is no base64. */
export function decodeContent(text: string, encoding: Encoding): Uint8Array {
  if (encoding === "text") return Buffer.from(text);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
    throw new RequestError("REQUEST_INVALID", "body is not base64");
  }
  return Buffer.from(text, "base64");
}
