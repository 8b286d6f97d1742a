import { GrpcStatus, valueOf } from "./grpc-fields.js";
import { GrpcMessage } from "./grpc-message.js";
import type { HopStream, StreamListener } from "./hop-stream.js";
import type { Field } from "./hpack-table.js";
import { cannotHold } from "./held-fault.js";
import { WireError } from "./wire-error.js";
import { ErrorCode } from "./frames.js";

/** One unary call of our own. Gives the answer's message; rejects with a `WireError` in every other case. */
export class OwnCall implements StreamListener {
  readonly answer: Promise<Uint8Array>;
  provider: HopStream | null = null;
  readonly #path: string;
  readonly #message = new GrpcMessage();
  #resolve: (message: Uint8Array) => void = () => undefined;
  #reject: (reason: WireError) => void = () => undefined;

  constructor(path: string) {
    this.#path = path;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  headers(fields: Field[] | null, end: boolean): void {
    if (end) this.#complete(fields === null ? undefined : valueOf(fields, "grpc-status"));
  }

  data(payload: Buffer, end: boolean): void {
    this.provider?.consume(payload.length);
    const code = this.#message.push(payload);
    if (code !== null) {
      this.#reject(cannotHold(code, "answer"));
      this.provider?.reset(ErrorCode.cancel);
    } else if (end) this.#complete(undefined);
  }

  reset(code: number): void {
    this.#fail(`the provider reset it (${code})`);
  }

  lost(reason: WireError): void {
    this.#reject(reason);
  }

  #complete(status: string | undefined): void {
    if (status !== String(GrpcStatus.ok)) this.#fail(`gRPC status ${status ?? "missing"}`);
    else if (!this.#message.isWhole) this.#reject(cannotHold("WIRE_NOT_UNARY", "answer"));
    else this.#resolve(this.#message.message());
  }

  #fail(why: string): void {
    this.#reject(new WireError("WIRE_CALL_FAILED", `the provider did not carry out ${this.#path}: ${why}`));
  }
}
