import type { Readable } from "node:stream";

/** The longest line that is read, in bytes. */
const MAX_LINE = 64 * 1024;
const LINE_END = 0x0a;

/**
 * Reads one line, without its end. null when there is none: the input ends before the line does, as core takes it; the
 * line is over 64 KiB; or `interrupt` fires. What comes behind the line stays in `input`, which stays open.
 */
export function readLine(input: Readable, interrupt: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    const finish = (line: string | null): void => {
      input.off("data", take).off("end", stop).off("close", stop).off("error", stop).pause();
      interrupt.removeEventListener("abort", stop);
      resolve(line);
    };
    const stop = (): void => {
      finish(null);
    };
    const take = (chunk: Buffer | string): void => {
      const bytes = Buffer.from(chunk);
      const end = bytes.indexOf(LINE_END);
      const part = end < 0 ? bytes : bytes.subarray(0, end);
      parts.push(part);
      length += part.length;
      if (end < 0 && length <= MAX_LINE) return;
      finish(length > MAX_LINE ? null : Buffer.concat(parts).toString("utf8"));
      const rest = bytes.subarray(end + 1);
      if (end >= 0 && rest.length > 0) input.unshift(rest);
    };
    if (interrupt.aborted || input.readableEnded || input.destroyed) {
      stop();
      return;
    }
    interrupt.addEventListener("abort", stop, { once: true });
    input.once("end", stop).once("close", stop).once("error", stop).on("data", take).resume();
  });
}
