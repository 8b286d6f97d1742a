import { formatSize } from "../../src/base/size-text.js";
import { ProtocolError } from "../../src/protocol/protocol-error.js";
import { GuestError } from "../guest-error.js";
import type { GuestErrorCode } from "../guest-error.js";
import type { ExecutableSpec } from "../guest.js";
import type { GroupUse } from "./group-use.js";
import type { ProcessEnd } from "./process-group.js";

const MIB = 1024 * 1024;

/** The errors of one executable guest; after all but `requestTooLarge` the guest has ended. */
export class ExecutableFaults {
  readonly #spec: Pick<ExecutableSpec, "name" | "limits">;

  constructor(spec: Pick<ExecutableSpec, "name" | "limits">) {
    this.#spec = spec;
  }

  requestTooLarge(): GuestError {
    const { messageBytes } = this.#spec.limits;
    return this.#error("GUEST_MESSAGE_TOO_LARGE", `was not asked: the request is over ${formatSize(messageBytes)}`, {
      gone: false,
      remedy: "Allow larger messages for this integration.",
    });
  }

  timeout(allowedMs: number): GuestError {
    return this.#error("GUEST_TIMEOUT", `gave no answer within ${allowedMs} ms, so its processes were killed`, {
      remedy: "Give it a longer timeout, or make it faster.",
    });
  }

  /** `use` null: what its processes use could not be measured, so its limits could not be held. */
  overLimit(use: GroupUse | null): GuestError {
    if (use === null) {
      return this.#error("GUEST_MEMORY", "was killed: the memory of its processes cannot be measured on this machine", {
        remedy: "Mount /proc, or make ps available on PATH.",
      });
    }
    const { memoryBytes, processes } = this.#spec.limits;
    if (use.processes > processes) {
      return this.#error("GUEST_PROCESSES", `was killed: it ran ${use.processes} processes, ${processes} are allowed`, {
        remedy: "Make it start fewer processes at once.",
      });
    }
    const allowed = (memoryBytes / MIB).toFixed(1);
    const used = (use.bytes / MIB).toFixed(1);
    return this.#error("GUEST_MEMORY", `was killed: its processes used ${used} MiB of memory, ${allowed} are allowed`, {
      remedy: "Allow it more memory, or make it use less.",
    });
  }

  /** The process ended by itself: in the middle of a call, or between two. */
  ended(end: ProcessEnd, inCall: boolean, lastLines: readonly string[]): GuestError {
    const how = end.signal === null ? `exited with code ${end.code ?? 0}` : `was ended by ${end.signal}`;
    const said = lastLines.length === 0 ? "" : `; the end of its stderr:\n${lastLines.join("\n")}`;
    const when = inCall ? "before it had answered" : "between two calls";
    return this.#error("GUEST_CRASHED", `${how} ${when}${said}`, {
      remedy: "An integration answers every line of its stdin until that ends, and only then exits.",
    });
  }

  noAnswer(): GuestError {
    return this.#error("GUEST_NO_ANSWER", "closed its stdin or stdout without an answer, so it was killed");
  }

  tooMuchOutput(): GuestError {
    return this.#error("GUEST_MESSAGE_TOO_LARGE", "wrote too many lines for one answer, so it was killed", {
      remedy: "Write log lines to stderr.",
    });
  }

  /** What the line decoder refused: a line over the size becomes a `GuestError`; other bytes stay a `ProtocolError`. */
  badOutput(error: unknown): GuestError | ProtocolError {
    if (error instanceof ProtocolError && error.code !== "PROTOCOL_MESSAGE_TOO_LARGE") return error;
    const { messageBytes } = this.#spec.limits;
    return this.#error(
      "GUEST_MESSAGE_TOO_LARGE",
      `wrote a line of over ${formatSize(messageBytes)}, so it was killed`,
      {
        cause: error,
      },
    );
  }

  closed(): GuestError {
    return this.#error("GUEST_GONE", "was closed");
  }

  gone(cause: Error): GuestError {
    return this.#error("GUEST_GONE", `had ended before this call: ${cause.message}`, { cause });
  }

  #error(
    code: GuestErrorCode,
    message: string,
    context: { readonly gone?: boolean; readonly remedy?: string; readonly cause?: unknown } = {},
  ): GuestError {
    const { gone = true, ...rest } = context;
    const { name } = this.#spec;
    return new GuestError(code, `it ${message}`, gone, { integration: name, ...rest });
  }
}
