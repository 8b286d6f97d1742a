import * as v from "valibot";
import { MAX_NAME_LENGTH } from "./limits.js";

/** Request from the host: the first one. */
export const METHOD_INITIALIZE = "initialize";
/** Request from the host: the last one. */
export const METHOD_SHUTDOWN = "shutdown";
/** Request from the host: are you there? */
export const METHOD_PING = "ping";
/** Request from the host: what an older version of the integration stored is to be brought into today's form. */
export const METHOD_MIGRATE = "migrate-metadata";
/** Notification from the guest. */
export const METHOD_LOG = "log";

/** Levels of log lines, least grave first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Params of the notification `log`. */
export const LogParamsSchema = v.object({
  level: v.optional(v.picklist(LOG_LEVELS), "info"),
  message: v.string(),
});

/** One log line of a guest, already cut to its limit. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
}

/** A longer id of a guest would only be carried to and fro. */
const IdSchema = v.union([v.number(), v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH)), v.null()]);

/** JSON-RPC 2.0 (https://www.jsonrpc.org/specification): exactly one of `result` and `error`. */
export const ResponseSchema = v.union([
  v.object({ jsonrpc: v.literal("2.0"), id: IdSchema, result: v.unknown(), error: v.optional(v.undefined()) }),
  v.object({
    jsonrpc: v.literal("2.0"),
    id: IdSchema,
    error: v.object({ code: v.number(), message: v.string(), data: v.optional(v.unknown()) }),
    result: v.optional(v.undefined()),
  }),
]);
export type Response = v.InferOutput<typeof ResponseSchema>;

/** A request or, without an id, a notification. */
export const RequestSchema = v.object({
  jsonrpc: v.literal("2.0"),
  id: v.optional(IdSchema),
  method: v.string(),
  params: v.optional(v.unknown()),
});
export type Request = v.InferOutput<typeof RequestSchema>;
