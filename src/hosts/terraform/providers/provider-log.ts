import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Environment } from "./cli-files.js";
import { PANIC } from "./stderr-tail.js";

/** The levels of hclog, least first; OFF is none of them. */
const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];

/** As hclog writes them: https://github.com/hashicorp/go-hclog/blob/v1.6.3/intlogger.go (_levelToBracket). */
const BRACKETS: Readonly<Record<Level, string>> = {
  trace: "[TRACE]",
  debug: "[DEBUG]",
  info: "[INFO] ",
  warn: "[WARN] ",
  error: "[ERROR]",
};

/** Where log lines go. */
export interface LogSink {
  write(text: string): unknown;
}

/**
 * Passes on what providers write to their stderr, under the variables that core obeys for the providers it starts
 * itself: `TF_LOG_PROVIDER` before `TF_LOG` give the level, `TF_LOG=JSON` the form, `TF_LOG_PATH` a file in place of
 * stderr (OpenTofu, `internal/logging/logging.go`; go-plugin, `client.go`, logStderr). Without these it is silent.
 */
export class ProviderLog {
  readonly #sink: LogSink | undefined;
  readonly #least: number;
  readonly #asJson: boolean;
  readonly #close: () => Promise<void>;

  private constructor(sink: LogSink | undefined, least: number, asJson: boolean, close: () => Promise<void>) {
    this.#sink = sink;
    this.#least = least;
    this.#asJson = asJson;
    this.#close = close;
  }

  static fromEnvironment(env: Environment, stderr: LogSink): ProviderLog {
    const global = env["TF_LOG"] || env["TF_LOG_CORE"] || "";
    const level = (env["TF_LOG_PROVIDER"] || env["TF_LOG"] || "OFF").toLowerCase();
    const asJson = global.toUpperCase() === "JSON";
    // Core takes an unknown level for TRACE, and says so itself.
    const least =
      level === "off"
        ? Infinity
        : Math.max(
            0,
            LEVELS.findIndex((known) => known === level),
          );
    const path = env["TF_LOG_PATH"];
    if (least === Infinity || !path) return new ProviderLog(stderr, least, asJson, () => Promise.resolve());
    const file = createWriteStream(path, { flags: "a" });
    // Core says it when the file cannot be opened; a log that cannot be written must not end a run.
    file.on("error", () => undefined);
    return new ProviderLog(file, least, asJson, async () => {
      file.end();
      await finished(file).catch(() => undefined);
    });
  }

  /** One line that the program `name` wrote. */
  line(name: string, line: string): void {
    if (this.#sink === undefined || this.#least === Infinity) return;
    const { level, message, values, time } = parseLine(line);
    if (LEVELS.indexOf(level) < this.#least) return;
    const module = `provider.${name}`;
    const timestamp = time ?? new Date().toISOString();
    const text = this.#asJson
      ? JSON.stringify({ "@level": level, "@message": message, "@module": module, "@timestamp": timestamp, ...values })
      : `${timestamp} ${BRACKETS[level]} ${module}: ${message}${pairs(values)}`;
    this.#sink.write(`${text}\n`);
  }

  /** Resolves when all is written. */
  close(): Promise<void> {
    return this.#close();
  }
}

interface LogLine {
  readonly level: Level;
  readonly message: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly time: string | undefined;
}

function parseLine(line: string): LogLine {
  const entry = line.startsWith("{") ? jsonObject(line) : undefined;
  if (entry === undefined) return { level: levelOfText(line), message: line, values: {}, time: undefined };
  const { "@level": level, "@message": message, "@timestamp": time, ...values } = entry;
  return {
    level: LEVELS.find((known) => known === level) ?? "debug",
    message: typeof message === "string" ? message : "",
    values,
    time: typeof time === "string" ? time : undefined,
  };
}

/** A line of a provider is its own business: it is passed on or not, and decides nothing. */
function jsonObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function levelOfText(line: string): Level {
  const word = /^\[(TRACE|DEBUG|INFO|WARN|ERROR)\]/.exec(line)?.[1]?.toLowerCase();
  if (PANIC.test(line)) return "error";
  return LEVELS.find((known) => known === word) ?? "debug";
}

function pairs(values: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(values).map(([key, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${key}=${/^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)}`;
  });
  return texts.length === 0 ? "" : `: ${texts.join(" ")}`;
}
