import type { LogLevel } from "./protocol.js";
import { transport } from "./transport.js";

/** Sends one log line to the host. Only while a request is worked on: there is no line to write before. */
function write(level: LogLevel, message: string): void {
  transport().send(JSON.stringify({ jsonrpc: "2.0", method: "log", params: { level, message } }));
}

/** Log lines that the host shows beside the integration's name. */
export const log = {
  debug: (message: string): void => {
    write("debug", message);
  },
  info: (message: string): void => {
    write("info", message);
  },
  warn: (message: string): void => {
    write("warn", message);
  },
  error: (message: string): void => {
    write("error", message);
  },
} as const;
