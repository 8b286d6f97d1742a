import { field, type Field } from "./hpack-table.js";

/** gRPC status codes that we give or look at. */
export const GrpcStatus = { ok: 0, resourceExhausted: 8, unavailable: 14 } as const;

const OK_HTTP = field(":status", "200");
const CONTENT_TYPE = field("content-type", "application/grpc");
/** Longer texts say nothing more to a person. */
const MAX_TEXT = 1000;

/** Head and trailers of an answer of ours. */
export const ANSWER_HEAD: readonly Field[] = [OK_HTTP, CONTENT_TYPE];
export const ANSWER_TRAILERS: readonly Field[] = [field("grpc-status", "0")];

/** Trailers that end a call; "trailers-only" when nothing was sent before them. */
export function endingFields(status: number, message: string, isOnly: boolean): readonly Field[] {
  const trailers = [field("grpc-status", String(status)), field("grpc-message", percentEncoded(message))];
  return isOnly ? [...ANSWER_HEAD, ...trailers] : trailers;
}

/** Head of a call of our own. */
export function requestHead(path: string): readonly Field[] {
  return [
    field(":method", "POST"),
    field(":scheme", "http"),
    field(":path", path),
    field(":authority", "localhost"),
    CONTENT_TYPE,
    field("te", "trailers"),
  ];
}

export function valueOf(fields: readonly Field[], name: string): string | undefined {
  for (const field of fields) if (field.name === name) return field.value;
  return undefined;
}

/** gRPC sends no `content-length`; if one is there, it is wrong as soon as a message changes. */
export function withoutLength(fields: readonly Field[]): readonly Field[] {
  return valueOf(fields, "content-length") === undefined
    ? fields
    : fields.filter(({ name }) => name !== "content-length");
}

/** The form of a `grpc-message`: UTF-8, all but printable ASCII percent-encoded, and the percent sign too. */
function percentEncoded(text: string): string {
  const bytes = Buffer.from(text.slice(0, MAX_TEXT), "utf8");
  let out = "";
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    out += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
