import { Call, type CallHome } from "./call.js";
import type { CallHandler, RelayOptions } from "./call-handler.js";
import { ConnectionFault, ErrorCode } from "./frames.js";
import { endingFields, GrpcStatus, requestHead, valueOf } from "./grpc-fields.js";
import { sendMessage } from "./grpc-message.js";
import { Hop } from "./hop.js";
import type { HopStream } from "./hop-stream.js";
import type { Field } from "./hpack-table.js";
import { OwnCall } from "./own-call.js";
import { WireError } from "./wire-error.js";

/**
 * Stands between core and one provider, each on one socket. Calls that nobody intercepts pass through as they came.
 * When the provider is lost, core's connection stays: every call in flight and every later one ends as "unavailable",
 * which is what core sees of a crashed plug-in. (Were core's connection ended, core would connect again and get another
 * provider, which nobody configured.) When core is gone, the provider's connection ends too.
 */
export class Relay {
  /** Resolves when both connections have ended; never rejects. */
  readonly closed: Promise<void>;
  readonly #options: RelayOptions;
  readonly #core: Hop;
  #provider: Hop | null = null;
  #isCoreGone = false;
  readonly #home: CallHome = {
    open: (fields, listener) => this.#connected().open(fields, listener),
    fault: (error, path) => {
      this.#fault(error, path);
    },
  };

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#core = new Hop("server", {
      opened: (stream, fields, end) => {
        this.#opened(stream, fields, end);
      },
      lost: (error) => {
        this.#coreLost(error);
      },
    });
    this.closed = this.#core.closed.then(() => this.#provider?.closed);
    this.#core.attach(options.core);
  }

  /** Ends both connections now; what the peers have not taken is dropped. */
  close(): void {
    this.#isCoreGone = true;
    // In this order, calls in flight end as "unavailable" before core's connection does.
    this.#provider?.close();
    this.#core.close();
  }

  /**
   * One unary call of our own to the provider. Rejects with a `WireError`: `WIRE_PROVIDER_LOST` when there is no
   * connection to it or none any more, `WIRE_CALL_FAILED` when it answers with an error.
   * go-plugin's `/plugin.GRPCController/Shutdown` mostly ends as `WIRE_PROVIDER_LOST`: its server stops before it answers.
   */
  call(path: string, message: Uint8Array): Promise<Uint8Array> {
    if (this.#provider === null) return Promise.reject(new WireError("WIRE_PROVIDER_LOST", "no provider is connected"));
    const call = new OwnCall(path);
    call.provider = this.#provider.open(requestHead(path), call);
    sendMessage(call.provider, message);
    call.provider.end();
    return call.answer;
  }

  #opened(stream: HopStream, fields: Field[] | null, end: boolean): void {
    const refusal = this.#provider?.refusal;
    if (fields === null) {
      refuse(stream, GrpcStatus.resourceExhausted, "the header list is too large");
      return;
    }
    const path = valueOf(fields, ":path");
    if (path === undefined) {
      stream.reset(ErrorCode.protocolError);
    } else if (refusal !== undefined && refusal !== null) {
      refuse(stream, GrpcStatus.unavailable, refusal.message);
    } else {
      const call = new Call(this.#home, stream, path, fields, this.#intercept(path));
      stream.listener = call;
      call.start(end);
    }
  }

  #intercept(path: string): CallHandler | null {
    try {
      return this.#options.intercept(path);
    } catch (error) {
      this.#fault(error, path);
      return null;
    }
  }

  /** The provider's hop; the first time, it connects. Streams wait on it meanwhile. */
  #connected(): Hop {
    if (this.#provider !== null) return this.#provider;
    const hop = new Hop("client", {
      opened: (stream) => {
        stream.reset(ErrorCode.refusedStream);
      },
      lost: (error) => {
        this.#providerLost(error);
      },
    });
    this.#provider = hop;
    this.#connect(hop).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      hop.close(new WireError("WIRE_PROVIDER_LOST", `the provider cannot be reached: ${text}`, { cause: error }));
    });
    return hop;
  }

  async #connect(hop: Hop): Promise<void> {
    hop.attach(await this.#options.connect());
  }

  #coreLost(error: unknown): void {
    this.#isCoreGone = true;
    if (error instanceof ConnectionFault) this.#fault(broken("core", error), "");
    this.#afterCore()
      .catch((fault: unknown) => {
        this.#fault(fault, "");
      })
      .finally(() => this.#provider?.close());
  }

  async #afterCore(): Promise<void> {
    if (this.#provider?.refusal === null) await this.#options.coreGone?.();
  }

  #providerLost(error: unknown): void {
    if (this.#isCoreGone) return;
    if (error instanceof ConnectionFault) this.#fault(broken("the provider", error), "");
    else this.#fault(this.#provider?.refusal, "");
  }

  #fault(error: unknown, path: string): void {
    try {
      this.#options.fault(error, path);
    } catch {
      // A fault of who hears of faults: there is nobody left to tell, and core's connection must not suffer.
    }
  }
}

/** Ends a call of core that was not begun. */
function refuse(stream: HopStream, status: number, message: string): void {
  stream.sendHeaders(endingFields(status, message, true), true);
  if (!stream.remoteEnded) stream.reset(ErrorCode.noError);
}

function broken(who: string, error: ConnectionFault): WireError {
  return new WireError("WIRE_PROTOCOL", `${who} broke the rules of HTTP/2: ${error.message}`, { cause: error });
}
