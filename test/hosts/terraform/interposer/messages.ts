import { Packr } from "msgpackr";
import { concat, integerField, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";

/*
 * Messages between core and a provider, as bytes: field numbers from tfplugin5.10.proto and tfplugin6.10.proto, which
 * are the same for all that is used here.
 */

const packr = new Packr({ useRecords: false, variableMapSize: true });

/** A value that is known only after apply. */
export const UNKNOWN = Symbol("unknown");

/** A value of an attribute of any type: it carries its type with it. */
export class Dynamic {
  constructor(
    /** In its JSON form. */
    readonly type: string,
    readonly value: unknown,
  ) {}
}

function head(short: number, long: number, count: number): Uint8Array {
  return count < 16 ? Uint8Array.of(short | count) : Uint8Array.of(long, count >> 8, count & 0xff);
}

/** Msgpack as core writes it. */
export function encode(value: unknown): Uint8Array {
  if (value === UNKNOWN) return Uint8Array.of(0xd4, 0, 0);
  if (value instanceof Dynamic) {
    return Buffer.concat([Uint8Array.of(0x92), packr.pack(Buffer.from(value.type)), encode(value.value)]);
  }
  if (Array.isArray(value)) return Buffer.concat([head(0x90, 0xdc, value.length), ...value.map(encode)]);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    const parts = entries.flatMap(([key, part]) => [packr.pack(key), encode(part)]);
    return Buffer.concat([head(0x80, 0xde, entries.length), ...parts]);
  }
  return packr.pack(value);
}

/** A `DynamicValue`. */
export function dynamicValue(value: unknown): Uint8Array {
  return lengthField(1, encode(value));
}

const field = (number: number, data: Uint8Array | string | undefined): Uint8Array =>
  data === undefined || data.length === 0 ? new Uint8Array(0) : lengthField(number, data);
const valueField = (number: number, value: unknown): Uint8Array =>
  value === undefined ? new Uint8Array(0) : lengthField(number, dynamicValue(value));

/** Left out: the field is absent. */
interface PlanRequestParts {
  readonly prior?: unknown;
  readonly proposed?: unknown;
  readonly config?: unknown;
  readonly private?: Uint8Array;
}

/** A request to plan; `provider_meta` (field 6) stands there too, as core sends it. */
export function planRequest(parts: PlanRequestParts, type = TYPE): Uint8Array {
  return concat(
    field(1, type),
    valueField(2, parts.prior ?? null),
    valueField(3, parts.proposed ?? null),
    valueField(4, parts.config ?? null),
    field(5, parts.private),
    lengthField(6, dynamicValue({ meta: "m" })),
  );
}

interface PlanResponseParts {
  readonly planned?: unknown;
  readonly private?: Uint8Array;
  /** Names of attributes. */
  readonly replace?: readonly string[];
  readonly error?: string;
}

/** With a field that we do not know (100), so that what is not understood shows to be kept. */
const NEWER = Uint8Array.of(0xa2, 0x06, 3, 1, 2, 3);

export function diagnosticMessage(summary: string, severity = 1): Uint8Array {
  return concat(integerField(1, severity), lengthField(2, summary));
}

const errorField = (number: number, error: string | undefined): Uint8Array =>
  error === undefined ? new Uint8Array(0) : lengthField(number, diagnosticMessage(error));

export function planResponse({ planned, private: bytes, replace = [], error }: PlanResponseParts): Uint8Array {
  const paths = replace.map((name) => lengthField(2, lengthField(1, lengthField(1, name))));
  return concat(valueField(1, planned), ...paths, field(3, bytes), errorField(4, error), integerField(5, 1), NEWER);
}

interface ApplyRequestParts {
  readonly prior?: unknown;
  readonly planned?: unknown;
  readonly config?: unknown;
  readonly private?: Uint8Array;
}

export function applyRequest(parts: ApplyRequestParts, type = TYPE): Uint8Array {
  return concat(
    field(1, type),
    valueField(2, parts.prior ?? null),
    valueField(3, parts.planned ?? null),
    valueField(4, parts.config ?? null),
    field(5, parts.private),
    lengthField(6, dynamicValue({ meta: "m" })),
  );
}

interface StateResponseParts {
  readonly state?: unknown;
  readonly private?: Uint8Array;
  readonly error?: string;
}

export function applyResponse({ state, private: bytes, error }: StateResponseParts): Uint8Array {
  return concat(valueField(1, state), field(2, bytes), errorField(3, error), integerField(4, 1), NEWER);
}

export function readRequest(state: unknown, bytes?: Uint8Array, type = TYPE): Uint8Array {
  return concat(field(1, type), valueField(2, state), field(3, bytes), lengthField(4, dynamicValue({ meta: "m" })));
}

export function readResponse({ state, private: bytes, error }: StateResponseParts): Uint8Array {
  return concat(valueField(1, state), errorField(2, error), field(3, bytes), NEWER);
}

/** Of `ReadDataSource`, `ValidateResourceConfig` and its like. */
export function configRequest(config: unknown, type = TYPE): Uint8Array {
  return concat(field(1, type), valueField(2, config), lengthField(3, dynamicValue({ meta: "m" })));
}

export function readDataResponse({ state, error }: StateResponseParts): Uint8Array {
  return concat(valueField(1, state), errorField(2, error), NEWER);
}

export function configureRequest(config: unknown): Uint8Array {
  return concat(field(1, "1.12.6"), valueField(2, config), NEWER);
}

export function validateProviderRequest(config: unknown): Uint8Array {
  return concat(valueField(1, config), NEWER);
}

/** A response that has nothing but diagnostics. */
export function diagnosticsResponse(error?: string): Uint8Array {
  return concat(errorField(1, error), NEWER);
}

/** The one type that providers of these tests have, as a resource and as a data source. */
export const TYPE = "mock_thing";
/** Its attributes, with their types in JSON form; `secret` is sensitive. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  id: '"string"',
  name: '"string"',
  secret: '"string"',
  size: '"number"',
  tags: '["map","string"]',
};

/** An object of the type; what is not given is null. */
export function thing(parts: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { id: null, name: null, secret: null, size: null, tags: null, ...parts };
}

function attributeMessage(name: string, type: string): Uint8Array {
  const flags = concat(integerField(5, 1), integerField(6, 1), integerField(7, name === "secret" ? 1 : 0));
  return lengthField(2, concat(lengthField(1, name), lengthField(2, type), flags));
}

function schemaMessage(attributes: Readonly<Record<string, string>>): Uint8Array {
  const all = Object.entries(attributes).map(([name, type]) => attributeMessage(name, type));
  return concat(integerField(1, 0), lengthField(2, concat(...all)));
}

/** What the provider says of itself: `region` and a sensitive `secret` in its configuration, and the one type. */
export function schemaResponse(): Uint8Array {
  const entry = concat(lengthField(1, TYPE), lengthField(2, schemaMessage(ATTRIBUTES)));
  return concat(
    lengthField(1, schemaMessage({ region: '"string"', secret: '"string"' })),
    lengthField(2, entry),
    lengthField(3, entry),
    NEWER,
  );
}

/** The settings of an integration under a provider as core sends them, null where not set. */
export function integrationBlocks(blocks: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Dynamic {
  const settings = [
    "source",
    "version",
    "timeout",
    "initialize_timeout",
    "memory",
    "message_size",
    "metadata_size",
    "on_error",
    "isolation",
  ];
  const lists = ["hooks", "resources", "after"];
  const types = Object.fromEntries([
    ...settings.map((name) => [name, "string"]),
    ...lists.map((name) => [name, ["list", "string"]]),
    ...["config", "grants"].map((name) => [name, "dynamic"]),
  ]) as Record<string, unknown>;
  const filled = Object.entries(blocks).map(([name, given]) => [
    name,
    { ...Object.fromEntries(Object.keys(types).map((key) => [key, null])), ...given },
  ]);
  const objects = Object.fromEntries(filled.map(([name]) => [name, ["object", types]])) as object;
  return new Dynamic(JSON.stringify(["object", objects]), Object.fromEntries(filled));
}
