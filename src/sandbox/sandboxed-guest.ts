import { formatSize } from "../base/size-text.js";
import type { Exchange, Guest, GuestObserver } from "../../runtimes/guest.js";
import { GuestError } from "../../runtimes/guest-error.js";
import type { GuestErrorCode } from "../../runtimes/guest-error.js";
import { HostRequests } from "../../runtimes/host-requests.js";
import { exceedsBytes } from "../protocol/json.js";
import type { Limits } from "../protocol/limits.js";
import type { AnswerMessage, HostMessage, SandboxMessage } from "./messages.js";

interface Pending {
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: GuestError) => void;
}

/** What ties a guest to the sandbox host that it lives in. */
export interface SandboxedGuestOptions {
  readonly id: number;
  readonly limits: Limits;
  readonly send: (message: HostMessage) => void;
  readonly observer: GuestObserver;
  /** The guest has ended, however it came about. */
  readonly ended: () => void;
}

/** The parent's side of one guest in the sandbox. */
export class SandboxedGuest implements Guest {
  readonly #options: SandboxedGuestOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #requests: HostRequests;
  #lastSeq = 0;
  #gone: GuestError | null = null;
  #load: { readonly resolve: () => void; readonly reject: (error: GuestError) => void } | null = null;
  /** Resolves when the guest's code is loaded; rejects with a `GuestError`. */
  readonly loaded: Promise<void>;

  constructor(options: SandboxedGuestOptions) {
    this.#options = options;
    const { id, observer, send } = options;
    this.#requests = new HostRequests(observer, (seq, answer) => {
      send(["reply", id, seq, answer]);
    });
    this.loaded = new Promise((resolve, reject) => {
      this.#load = { resolve, reject };
    });
  }

  /** Something is expected of it. */
  get busy(): boolean {
    return this.#load !== null || this.#pending.size > 0;
  }

  exchange(line: string): Promise<Exchange> {
    const { id, limits, send } = this.#options;
    if (this.#gone !== null) return Promise.reject(goneError(this.#gone));
    if (exceedsBytes(line, limits.messageBytes)) return Promise.reject(tooLarge(limits));
    const seq = ++this.#lastSeq;
    const timeoutMs = seq === 1 ? limits.initializeTimeoutMs : limits.timeoutMs;
    return new Promise((resolve, reject) => {
      this.#pending.set(seq, { resolve, reject });
      send(["line", id, seq, timeoutMs, line]);
    });
  }

  close(): Promise<void> {
    if (this.#gone === null) {
      this.#options.send(["close", this.#options.id]);
      this.#end(new GuestError("GUEST_GONE", "it was closed", true), 0, "GUEST_GONE");
    }
    return Promise.resolve();
  }

  /** Takes what the sandbox host says of this guest. */
  take(message: SandboxMessage | AnswerMessage): void {
    switch (message[0]) {
      case "loaded":
        this.#load?.resolve();
        this.#load = null;
        break;
      case "log":
        this.#options.observer.log({ level: message[2], message: message[3] });
        break;
      case "request":
        // A worker asks one thing at a time, and only in a call: anything else is not ours to answer.
        if (this.#pending.has(message[2]) && !this.#requests.busy) this.#requests.take(message[2], message[3]);
        break;
      case "answer": {
        const pending = this.#pending.get(message[2]);
        this.#pending.delete(message[2]);
        this.#requests.callEnded(message[2]);
        pending?.resolve({ lines: message[3], elapsedUs: message[4] });
        break;
      }
      case "failed": {
        const [, , seq, code, text, gone, remedy] = message;
        const error = new GuestError(code, text, gone, remedy === null ? {} : { remedy });
        if (gone) this.#end(error, seq, "GUEST_GONE");
        else this.#failOne(seq, error);
        break;
      }
    }
  }

  /** The sandbox host has ended; every call it held is lost. */
  sandboxDied(said: string): void {
    const error = new GuestError(
      "GUEST_SANDBOX_DIED",
      `the sandbox host ended in the middle of the call: ${said}`,
      true,
      {
        remedy: "A fresh one takes over; if this repeats, look at the integrations' memory.",
      },
    );
    this.#end(error, 0, "GUEST_SANDBOX_DIED");
  }

  #failOne(seq: number, error: GuestError): void {
    const pending = this.#pending.get(seq);
    this.#pending.delete(seq);
    this.#requests.callEnded(seq);
    pending?.reject(error);
  }

  /** Rejects the call that was at fault with `error`, and the others with `otherCode`. */
  #end(error: GuestError, seq: number, otherCode: GuestErrorCode): void {
    if (this.#gone !== null) return;
    this.#gone = error;
    this.#requests.close();
    this.#load?.reject(error);
    this.#load = null;
    this.#failOne(seq, error);
    for (const pending of this.#pending.values()) {
      pending.reject(otherCode === error.code ? error : goneError(error));
    }
    this.#pending.clear();
    this.#options.ended();
  }
}

function goneError(cause: GuestError): GuestError {
  return new GuestError("GUEST_GONE", `it had ended before the call: ${cause.message}`, true, { cause });
}

function tooLarge(limits: Limits): GuestError {
  return new GuestError(
    "GUEST_MESSAGE_TOO_LARGE",
    `the event is over the message size of ${formatSize(limits.messageBytes)}`,
    false,
    {
      remedy: "Raise message_size in its declaration.",
    },
  );
}
