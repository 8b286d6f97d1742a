import type { Call } from "./call.js";
import { cannotHold, tooLarge } from "./held-fault.js";
import type { CallHandler } from "./call-handler.js";
import { GrpcStatus, valueOf, withoutLength } from "./grpc-fields.js";
import { GrpcMessage, sendMessage } from "./grpc-message.js";
import type { HopStream, StreamListener } from "./hop-stream.js";
import type { Field } from "./hpack-table.js";
import type { WireError, WireErrorCode } from "./wire-error.js";

/** One call of core: the provider's answer on its way back. */
export class CallAnswer implements StreamListener {
  /** Where the answer comes from. */
  provider: HopStream | null = null;
  readonly #call: Call;
  readonly #handler: CallHandler | null;
  /** The answer while it is held back from core. */
  #held: GrpcMessage | null;
  #trailers: readonly Field[] | null = null;
  #isEnded = false;

  constructor(call: Call, handler: CallHandler | null) {
    this.#call = call;
    this.#handler = handler;
    this.#held = handler === null ? null : new GrpcMessage();
  }

  headers(fields: Field[] | null, end: boolean): void {
    if (fields === null) {
      this.#call.endWith(GrpcStatus.resourceExhausted, "the provider's header list is too large");
    } else if (this.#held !== null && end) {
      this.#trailers = fields;
      this.#complete(this.#held);
    } else {
      this.#isEnded = end;
      this.#call.hasHead = true;
      this.#call.core.sendHeaders(this.#held === null ? fields : withoutLength(fields), end);
    }
  }

  data(payload: Buffer, end: boolean): void {
    const held = this.#held;
    if (held === null) {
      this.#call.core.sendData(payload, this.provider);
      if (end) this.#end();
      return;
    }
    this.provider?.consume(payload.length);
    const code = held.push(payload);
    if (code !== null) this.#cannotHold(held, code);
    if (end) this.#complete(held);
  }

  /** After its end the provider may still refuse the rest of the request. */
  reset(code: number): void {
    if (!this.#isEnded) this.#call.core.reset(code);
  }

  lost(reason: WireError): void {
    this.#call.endWith(GrpcStatus.unavailable, reason.message);
  }

  #complete(held: GrpcMessage): void {
    this.#isEnded = true;
    if (this.#held === null || held.isEmpty) {
      this.#end();
    } else if (!held.isWhole) {
      this.#cannotHold(held, "WIRE_NOT_UNARY");
      this.#end();
    } else if (this.#trailers !== null && valueOf(this.#trailers, "grpc-status") === "0") {
      this.#ask(held);
    } else {
      this.#passOn(held);
      this.#end();
    }
  }

  #ask(held: GrpcMessage): void {
    if (this.#handler === null) return;
    try {
      const message = this.#handler.response(held.message());
      if (message instanceof Promise) message.then(this.#changed, this.#unchanged).catch(this.#call.broken);
      else this.#changed(message);
    } catch (error) {
      this.#unchanged(error);
    }
  }

  readonly #changed = (message: Uint8Array): void => {
    sendMessage(this.#call.core, message);
    this.#end();
  };

  readonly #unchanged = (error: unknown): void => {
    this.#call.fault(error);
    if (this.#held !== null) this.#passOn(this.#held);
    this.#end();
  };

  #cannotHold(held: GrpcMessage, code: WireErrorCode): void {
    this.#call.fault(cannotHold(code, "answer"));
    if (code === "WIRE_MESSAGE_TOO_LARGE") {
      this.#held = null;
      this.#call.endWith(GrpcStatus.resourceExhausted, tooLarge("answer"));
    } else {
      this.#passOn(held);
    }
  }

  /** The provider's bytes go on as they came, and so does what follows. */
  #passOn(held: GrpcMessage): void {
    this.#held = null;
    this.#call.core.sendData(held.raw(), null);
  }

  #end(): void {
    this.#isEnded = true;
    this.#held = null;
    if (this.#trailers === null) this.#call.core.end();
    else this.#call.core.sendHeaders(this.#trailers, true);
  }
}
