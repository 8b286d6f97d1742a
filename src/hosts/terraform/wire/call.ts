import type { CallHandler, RequestDecision } from "./call-handler.js";
import { CallAnswer } from "./call-answer.js";
import { ErrorCode } from "./frames.js";
import { ANSWER_HEAD, ANSWER_TRAILERS, endingFields, GrpcStatus, withoutLength } from "./grpc-fields.js";
import { GrpcMessage, sendMessage } from "./grpc-message.js";
import type { HopStream, StreamListener } from "./hop-stream.js";
import type { Field } from "./hpack-table.js";
import { cannotHold, tooLarge } from "./held-fault.js";
import type { WireErrorCode } from "./wire-error.js";

/** The relay, as far as its calls use it. */
export interface CallHome {
  /** A stream to the provider; the first one connects. Its listener hears `lost` at once when there can be none. */
  open(fields: readonly Field[], listener: StreamListener): HopStream;
  /** Tells the user of the relay; never throws. */
  fault(error: unknown, path: string): void;
}

/** One call of core: its request's way to the provider. `CallAnswer` is the way back. */
export class Call implements StreamListener {
  readonly path: string;
  readonly core: HopStream;
  /** Something of the answer was sent to core. */
  hasHead = false;
  readonly #home: CallHome;
  readonly #fields: readonly Field[];
  #handler: CallHandler | null;
  #provider: HopStream | null = null;
  /** The request while it is held back from the provider. */
  #held: GrpcMessage | null;

  constructor(home: CallHome, core: HopStream, path: string, fields: readonly Field[], handler: CallHandler | null) {
    this.#home = home;
    this.core = core;
    this.path = path;
    this.#handler = handler;
    this.#fields = handler === null ? fields : withoutLength(fields);
    this.#held = handler === null ? null : new GrpcMessage();
  }

  /** Goes on from the request's head. */
  start(end: boolean): void {
    if (this.#handler === null) this.#open();
    if (end) this.#ended();
  }

  data(payload: Buffer, end: boolean): void {
    if (this.#held === null) {
      this.#forward(payload);
    } else {
      this.core.consume(payload.length);
      const code = this.#held.push(payload);
      if (code !== null) this.#cannotHold(this.#held, code);
    }
    if (end) this.#ended();
  }

  /** Trailers of a request; gRPC has none. */
  headers(fields: Field[] | null, end: boolean): void {
    if (fields === null) {
      this.endWith(GrpcStatus.resourceExhausted, "the header list is too large");
      return;
    }
    if (this.#held !== null) this.#cannotHold(this.#held, "WIRE_NOT_UNARY");
    this.#provider?.sendHeaders(fields, end);
  }

  reset(code: number): void {
    this.#held = null;
    this.#provider?.reset(code);
  }

  lost(): void {
    this.reset(ErrorCode.cancel);
  }

  /** Told to the user of the relay, as a fault of this call. */
  fault(error: unknown): void {
    this.#home.fault(error, this.path);
  }

  /** Ends the call with a status of ours; an answer that is complete goes out as it is. */
  endWith(status: number, message: string): void {
    this.#held = null;
    this.#provider?.reset(ErrorCode.cancel);
    const { core } = this;
    if (core.closed || core.endQueued) return;
    if (status === GrpcStatus.unavailable && core.dataSent) {
      // In the middle of a message grpc-go takes trailers for a fault of the protocol. It takes this for "unavailable";
      // at most it asks once more, and then gets trailers.
      core.reset(ErrorCode.refusedStream);
      return;
    }
    core.clear();
    core.sendHeaders(endingFields(status, message, !this.hasHead), true);
    // What is left of the request is not wanted any more.
    if (!core.remoteEnded) core.reset(ErrorCode.noError);
  }

  #ended(): void {
    const held = this.#held;
    if (held === null) this.#provider?.end();
    else if (held.isWhole) this.#ask(held);
    else {
      this.#cannotHold(held, "WIRE_NOT_UNARY");
      this.#provider?.end();
    }
  }

  #ask(held: GrpcMessage): void {
    if (this.#handler === null) return;
    try {
      const decision = this.#handler.request(held.message());
      if (decision instanceof Promise) decision.then(this.#decided, this.#undecided).catch(this.broken);
      else this.#decided(decision);
    } catch (error) {
      this.#undecided(error);
    }
  }

  readonly #decided = (decision: RequestDecision): void => {
    const held = this.#held;
    // The call may have ended in the meantime.
    if (held === null) return;
    this.#held = null;
    if ("answer" in decision) {
      this.core.sendHeaders(ANSWER_HEAD, false);
      sendMessage(this.core, decision.answer);
      this.core.sendHeaders(ANSWER_TRAILERS, true);
      return;
    }
    const provider = this.#open();
    sendMessage(provider, decision.forward);
    provider.end();
  };

  readonly #undecided = (error: unknown): void => {
    this.fault(error);
    if (this.core.closed) return;
    if (this.#held === null) {
      // The decision itself could not be carried out.
      this.#abandon();
      return;
    }
    this.#passOn(this.#held);
    this.#provider?.end();
  };

  /** A fault of our own in a handler's callback, where nothing else would catch it. */
  readonly broken = (error: unknown): void => {
    this.fault(error);
    this.#abandon();
  };

  #abandon(): void {
    this.core.reset(ErrorCode.internalError);
    this.#provider?.reset(ErrorCode.cancel);
  }

  #cannotHold(held: GrpcMessage, code: WireErrorCode): void {
    this.fault(cannotHold(code, "request"));
    if (code === "WIRE_MESSAGE_TOO_LARGE") this.endWith(GrpcStatus.resourceExhausted, tooLarge("request"));
    else this.#passOn(held);
  }

  /** Core's bytes go on as they came, and nobody looks at the answer. */
  #passOn(held: GrpcMessage): void {
    this.#held = null;
    this.#handler = null;
    this.#open().sendData(held.raw(), null);
  }

  #forward(payload: Buffer): void {
    if (this.#provider === null) this.core.consume(payload.length);
    else this.#provider.sendData(payload, this.core);
  }

  #open(): HopStream {
    const answer = new CallAnswer(this, this.#handler);
    const provider = this.#home.open(this.#fields, answer);
    this.#provider = answer.provider = provider;
    return provider;
  }
}
