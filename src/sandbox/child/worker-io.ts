import { receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
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
import type { HeldOutput } from "./held-output.js";
import type { Control } from "./control.js";
import type { WorkerInput, WorkerLine, WorkerOutput } from "./worker-messages.js";

/** Answers held back at most this long, so that many short calls share one hop. */
const FLUSH_AFTER_US = 250;
const FLUSH_AFTER_MESSAGES = 64;
/** Characters of a source line that go into a message. */
const SHOWN_SOURCE = 120;

interface Call {
  readonly seq: number;
  readonly startedNs: bigint;
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
  readonly #port: MessagePort;
  readonly #control: Control;
  readonly #held: HeldOutput;
  readonly #limits: Limits;
  readonly #log: LogLimiter;
  #input: (WorkerLine | null)[] = [];
  #output: WorkerOutput[] = [];
  /** Since when the oldest of the output is held back. */
  #heldSinceNs = 0n;
  #call: Call | null = null;

  constructor(port: MessagePort, control: Control, held: HeldOutput, limits: Limits) {
    this.#port = port;
    this.#control = control;
    this.#held = held;
    this.#limits = limits;
    this.#log = new LogLimiter(limits, (record) => {
      this.#say(["log", record.level, record.message]);
    });
    control.begin(LOADING, limits.initializeTimeoutMs);
  }

  loaded(): void {
    this.#control.end();
    this.#say(["loaded"]);
    this.flush();
  }

  read(): string | null {
    const reply = this.#call?.replies.shift();
    if (this.#call !== null && reply !== undefined) {
      this.#call.atReply = true;
      return reply;
    }
    this.#answer();
    const next = this.#take();
    if (next === null) return null;
    const [, seq, timeoutMs, line] = next;
    this.#control.begin(seq, timeoutMs);
    this.#call = {
      seq,
      startedNs: process.hrtime.bigint(),
      lines: [],
      bytes: 0,
      written: 0,
      replies: [],
      atReply: false,
    };
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
    this.#output.push(["request", seq, line]);
    this.flush();
    for (;;) {
      const reply = this.#receive(seq);
      if (reply !== null) return reply;
    }
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
    this.flush();
  }

  /** The program has come to its end as it was told to. */
  finished(): void {
    this.#log.flush();
    this.flush();
  }

  flush(): void {
    if (this.#output.length > 0) this.#port.postMessage(this.#output);
    this.#output = [];
    this.#held.clear();
  }

  #say(message: WorkerOutput): void {
    if (this.#output.length === 0) this.#heldSinceNs = process.hrtime.bigint();
    this.#output.push(message);
    if (!this.#held.hold(message)) this.flush();
  }

  #failed(error: GuestError, gone: boolean): void {
    const seq = this.#call?.seq ?? 0;
    this.#call = null;
    this.#control.end();
    this.#say(["failed", seq, error.code, error.message + placeOf(error), gone, error.remedy ?? null]);
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
    const now = process.hrtime.bigint();
    this.#say(["answer", call.seq, call.lines, Number(now - call.startedNs) / 1_000]);
    const held = Number(now - this.#heldSinceNs) / 1_000;
    if (this.#output.length >= FLUSH_AFTER_MESSAGES || held > FLUSH_AFTER_US) this.flush();
  }

  #take(): WorkerLine | null {
    for (;;) {
      const next = this.#input.shift();
      if (next !== undefined) return next;
      this.#receive(null);
    }
  }

  /** Takes one message, or blocks until there may be one. Gives the reply to a request of this call, if it was there. */
  #receive(asking: number | null): string | null {
    const seen = this.#control.wakes();
    const message = receiveMessageOnPort(this.#port) as { readonly message: WorkerInput } | undefined;
    if (message === undefined) {
      this.flush();
      this.#control.wait(seen);
      return null;
    }
    let reply: string | null = null;
    for (const item of message.message) {
      if (item?.[0] !== "reply") this.#input.push(item);
      else if (item[1] === asking) reply = item[2];
    }
    return reply;
  }
}

/** Where in its source a guest went wrong, as the end of a message. */
function placeOf({ location }: GuestError): string {
  if (location === undefined) return "";
  const { file, line, column, text } = location;
  return ` (${file}:${line}:${column}${text === undefined ? "" : `: ${text.trim().slice(0, SHOWN_SOURCE)}`})`;
}
