import { readGuestRequest, refuseRequest } from "../src/protocol/guest-request.js";
import { REQUEST_LIMITS } from "../src/protocol/limits.js";
import { RequestError } from "../src/protocol/request-error.js";
import type { GuestObserver } from "./guest.js";

interface Asked {
  readonly call: number;
  readonly line: string;
}

/**
 * The requests that one guest makes of its host: one under way at a time, each part of a call and ended with it. Every
 * request taken is answered, unless the guest has ended.
 */
export class HostRequests {
  readonly #observer: GuestObserver;
  readonly #reply: (call: number, answer: string) => void;
  readonly #waiting: Asked[] = [];
  #current: { readonly call: number; readonly over: AbortController } | null = null;
  #closed = false;

  constructor(observer: GuestObserver, reply: (call: number, answer: string) => void) {
    this.#observer = observer;
    this.#reply = reply;
  }

  /** Takes a line that may be a request of this call; false when so many wait already that it is not even looked at. */
  take(call: number, line: string): boolean {
    if (this.#closed || this.#waiting.length >= REQUEST_LIMITS.waiting) return false;
    this.#waiting.push({ call, line });
    this.#next();
    return true;
  }

  /** Something of this guest is being answered, or waits for it. */
  get busy(): boolean {
    return this.#current !== null;
  }

  /** Ends what belongs to a call; it is answered as over. */
  callEnded(call: number): void {
    const ended = this.#waiting.filter((asked) => asked.call === call);
    this.#waiting.splice(0, Infinity, ...this.#waiting.filter((asked) => asked.call !== call));
    for (const { line } of ended) this.#refuse(call, line, "the call that it belongs to is over");
    if (this.#current?.call === call) this.#current.over.abort();
  }

  /** The guest has ended: nothing is answered any more. */
  close(): void {
    this.#closed = true;
    this.#waiting.splice(0);
    this.#current?.over.abort();
  }

  #next(): void {
    if (this.#current !== null) return;
    const asked = this.#waiting.shift();
    if (asked === undefined) return;
    const { answer } = this.#observer;
    if (answer === undefined) {
      this.#refuse(asked.call, asked.line, "this host answers no requests");
      this.#next();
      return;
    }
    const over = new AbortController();
    this.#current = { call: asked.call, over };
    void answer(asked.line, over.signal).then((line) => {
      this.#current = null;
      if (this.#closed) return;
      if (line !== null) this.#reply(asked.call, line);
      this.#next();
    });
  }

  #refuse(call: number, line: string, why: string): void {
    const request = readGuestRequest(line);
    if (request !== null) this.#reply(call, refuseRequest(request, new RequestError("REQUEST_INVALID", why)));
  }
}
