/** What one guest may use. Every field is enforced by Airlock itself, for every kind of guest unless noted. */
export interface Limits {
  /** Wall time of one call, in ms. */
  readonly timeoutMs: number;
  /** Wall time of loading plus `initialize`, in ms. */
  readonly initializeTimeoutMs: number;
  /** Linear memory (wasm), heap (js) or resident memory of the process group (executable), in bytes. */
  readonly memoryBytes: number;
  /** Elements of all tables together (wasm). */
  readonly tableElements: number;
  /** Stack of the JavaScript engine (js), in bytes. */
  readonly stackBytes: number;
  /** One message, in either direction, in bytes of UTF-8. */
  readonly messageBytes: number;
  /** One log line; a longer one is cut, in bytes of UTF-8. */
  readonly logLineBytes: number;
  /** Log lines a second; further ones are dropped and counted. */
  readonly logLinesPerSecond: number;
  /** The module or script itself, in bytes. */
  readonly moduleBytes: number;
  /** Processes at once (executable). */
  readonly processes: number;
  /** Files and sockets that one process may have open (executable). */
  readonly openFiles: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** The limits of a guest whose declaration names none. */
export const DEFAULT_LIMITS: Limits = {
  timeoutMs: 5_000,
  initializeTimeoutMs: 10_000,
  memoryBytes: 64 * MIB,
  tableElements: 65_536,
  stackBytes: 512 * KIB,
  messageBytes: 8 * MIB,
  logLineBytes: 8 * KIB,
  logLinesPerSecond: 200,
  moduleBytes: 32 * MIB,
  processes: 64,
  openFiles: 1_024,
};

/** An executable brings its own language runtime, so its resident memory starts higher. */
export const DEFAULT_EXECUTABLE_MEMORY_BYTES = 512 * MIB;

/** What an integration may attach to one resource when its declaration does not say, in bytes of JSON. */
export const DEFAULT_METADATA_BYTES = 16 * KIB;

/** A message of a guest, a plan or a manifest that nests deeper than this is refused before it is parsed. */
export const MAX_JSON_DEPTH = 128;

/** A message of a guest, or a manifest, with more values than this is refused before it is parsed: 3 bytes of `{},` become 60 of heap. */
export const MAX_JSON_VALUES = 50_000;

/** What a guest may write in one call; a program that writes without end is stopped here. Its answer needs one line. */
export const CALL_LIMITS = {
  lines: 1_000,
  /** Notifications and requests of its own beside the answer, in bytes of UTF-8. */
  besideAnswerBytes: MIB,
} as const;

/** What a guest may ask of its host, for each integration. */
export const REQUEST_LIMITS = {
  /** One request, as a line, in bytes of UTF-8. */
  requestBytes: MIB,
  /** The body of one response, and one file, in bytes. */
  contentBytes: 4 * MIB,
  /** All header lines of one response, in bytes; those of a request, in UTF-16 units. */
  headerBytes: 16 * KIB,
  requestHeaders: 64,
  urlLength: 8_192,
  redirects: 5,
  /** From the request to the last byte of the response, in ms, its redirects and its waiting included. */
  timeoutMs: 30_000,
  /** HTTP requests under way at once; further ones wait. */
  concurrent: 8,
  /** HTTP requests a second, once `burst` of them were made; further ones wait. */
  perSecond: 50,
  burst: 100,
  /** Requests of one guest that wait behind the one under way. */
  waiting: 16,
} as const;

/** The id of a guest's own request, and each name and version it gives, in UTF-16 units. */
export const MAX_NAME_LENGTH = 256;

/** What a verdict may hold. Hosts and reports keep verdicts, so all of it is bounded; lengths in UTF-16 units. */
export const VERDICT_LIMITS = {
  findings: 5_000,
  /** Of the verdict itself, and of each finding. */
  messageLength: 16_384,
  ruleLength: MAX_NAME_LENGTH,
  urlLength: 2_048,
  pathSteps: 256,
  pathStepLength: 1_024,
  /** Metadata is sent on with later events, so it must leave room in other integrations' messages: JSON text. */
  metadataLength: 65_536,
  /** Less than a message may have, since later events wrap it. */
  metadataDepth: 64,
} as const;

/** What `initialize` may ask for: each pattern is tried on each resource type. */
export const INITIALIZE_LIMITS = { hooks: 100, resourceTypes: 1_000, resourceTypeLength: 256 } as const;
