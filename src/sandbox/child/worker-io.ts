import { formatSize } from "../../base/size-text.js";
import type { GuestIo } from "../../../runtimes/guest.js";
import { GuestError } from "../../../runtimes/guest-error.js";
import { LogLimiter } from "../../../runtimes/log-limiter.js";
import { readGuestRequest } from "../../protocol/guest-request.js";
import { exceedsBytes } from "../../protocol/json.js";
import { CALL_LIMITS } from "../../protocol/limits.js";
import type { Limits } from "../../protocol/limits.js";
import type { LogRecord } from "../../protocol/messages.js";
import { LOADING } from "./control.js";
import type { Control } from "./control.js";
import type { WorkerInput } from "./worker-input.js";
import type { WorkerOutput } from "./worker-output.js";

/** Characters of a source line that go into a message. */
const SHOWN_SOURCE = 120;

interface Call {
  readonly seq: number;
  /** On this thread's own clock. */
  readonly startedMs: number;
  readonly lines: string[];
  /** What the guest wrote in this call, its requests included. */
  bytes: number;
  written: number;
  /** Answers of the host to requests that the guest made in this call. */
  readonly replies: string[];
  /** The guest is at one of these answers now. */
  atReply: boolean;
}

/**
 * The worker's end of a guest's stdio. `read` blocks the thread; answers go out when the guest asks for its next line.
 */
export class WorkerIo implements GuestIo {
  readonly #input: WorkerInput;
  readonly #output: WorkerOutput;
  readonly #control: Control;
  readonly #limits: Limits;
  readonly #log: LogLimiter;
  #call: Call | null = null;

  constructor(input: WorkerInput, output: WorkerOutput, control: Control, limits: Limits) {
    this.#input = input;
    this.#output = output;
    this.#control = control;
    this.#limits = limits;
    this.#log = new LogLimiter(limits, (record) => {
      output.say(["log", record.level, record.message]);
    });
    control.begin(LOADING, limits.initializeTimeoutMs);
  }

  loaded(): void {
    this.#control.end();
    this.#output.say(["loaded"]);
    this.#output.flush();
  }

  read(): string {
    const reply = this.#call?.replies.shift();
    if (this.#call !== null && reply !== undefined) {
      this.#call.atReply = true;
      return reply;
    }
    this.#answer();
    const { seq, timeoutMs, line } = this.#input.next(this.#idle);
    this.#control.begin(seq, timeoutMs);
    this.#call = { seq, startedMs: performance.now(), lines: [], bytes: 0, written: 0, replies: [], atReply: false };
    return line;
  }

  write(line: string): void {
    if (this.#call === null) {
      this.log({ level: "warn", message: `wrote outside of a call: ${line.slice(0, 200)}` });
      return;
    }
    this.#count(this.#call, line);
    if (readGuestRequest(line) === null) this.#call.lines.push(line);
    else this.#call.replies.push(this.#ask(this.#call, line));
  }

  request(line: string): string | null {
    if (this.#call === null || readGuestRequest(line) === null) return null;
    this.#count(this.#call, line);
    return this.#ask(this.#call, line);
  }

  #count(call: Call, line: string): void {
    call.bytes += Buffer.byteLength(line);
    const { messageBytes } = this.#limits;
    if (exceedsBytes(line, messageBytes) || call.bytes > messageBytes + CALL_LIMITS.besideAnswerBytes) {
      throw new GuestError("GUEST_MESSAGE_TOO_LARGE", `its answer is over ${formatSize(messageBytes)}`, true);
    }
    if (++call.written > CALL_LIMITS.lines) {
      throw new GuestError("GUEST_MESSAGE_TOO_LARGE", `it wrote over ${CALL_LIMITS.lines} lines in one call`, true);
    }
  }

  /** Blocks until the host has answered. The call's time goes on meanwhile, and the watcher ends this thread when it is up. */
  #ask({ seq }: Call, line: string): string {
    this.#output.say(["request", seq, line]);
    return this.#input.reply(seq, this.#idle);
  }

  log(record: LogRecord): void {
    this.#log.push(record);
  }

  fail(error: GuestError): void {
    // Nothing need be said to an answer of the host; what the guest wrote before stands.
    if (error.code === "GUEST_NO_ANSWER" && this.#call?.atReply === true) return;
    this.#failed(error, false);
  }

  /** The program has ended by `error`: tells it together with all that was held back. */
  ended(error: GuestError): void {
    this.#log.flush();
    this.#failed(error, true);
    this.#output.flush();
  }

  /** The program has come to its end as it was told to. */
  finished(): void {
    this.#log.flush();
    this.#output.flush();
  }

  /** Nothing may be held back while the thread stands still. */
  readonly #idle = (): void => {
    this.#output.flush();
  };

  #failed(error: GuestError, gone: boolean): void {
    const seq = this.#call?.seq ?? 0;
    this.#call = null;
    this.#control.end();
    this.#output.say(["failed", seq, error.code, error.message + placeOf(error), gone, error.remedy ?? null]);
  }

  /** Ends the call that the guest was in: with its lines, or as one without an answer. */
  #answer(): void {
    const call = this.#call;
    if (call === null) return;
    if (call.lines.length === 0) {
      this.#failed(new GuestError("GUEST_NO_ANSWER", "it took the request and gave no answer", false), false);
      return;
    }
    this.#call = null;
    this.#control.end();
    this.#output.answer(call.seq, call.lines, (performance.now() - call.startedMs) * 1_000);
  }
}

/** Where in its source a guest went wrong, as the end of a message. */
function placeOf({ location }: GuestError): string {
  if (location === undefined) return "";
  const { file, line, column, text } = location;
  return ` (${file}:${line}:${column}${text === undefined ? "" : `: ${text.trim().slice(0, SHOWN_SOURCE)}`})`;
}
