import type { AirlockEvent } from "./events.js";

/** Params that are JSON text already, so that one event is encoded once however many guests get it. */
export class EncodedParams {
  constructor(readonly json: string) {}
}

/** One event as JSON text, made when the first guest asks for it. */
export class EncodedEvent {
  #plain: EncodedParams | undefined;

  constructor(readonly event: AirlockEvent) {}

  /**
   * The event's params; with `metadata` (attached earlier in the order) in the place of the event's own, where given.
   * `shown`: as one guest gets them, where that is not as all others do.
   */
  params(
    metadata?: Readonly<Record<string, unknown>>,
    shown: AirlockEvent["params"] = this.event.params,
  ): EncodedParams {
    if (metadata !== undefined) return new EncodedParams(JSON.stringify({ ...shown, metadata }));
    if (shown !== this.event.params) return new EncodedParams(JSON.stringify(shown));
    return (this.#plain ??= new EncodedParams(this.event.text?.() ?? JSON.stringify(this.event.params)));
  }
}

/** One JSON-RPC request as a line, without LF. */
export function encodeRequest(id: number, method: string, params: EncodedParams): string {
  return `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${params.json}}`;
}
