import type { Duplex } from "node:stream";

/** What becomes of a request: this message goes on to the provider, or this message is core's answer at once. */
export type RequestDecision = { readonly forward: Uint8Array } | { readonly answer: Uint8Array };

/**
 * Handles one intercepted unary call. Messages are whole gRPC messages without their 5-byte prefix. They are views on
 * received bytes: they must not be changed, and who keeps a small part of one for long copies it.
 * A handler that throws or rejects changes nothing: the message goes on as it came, and `RelayOptions.fault` is told.
 */
export interface CallHandler {
  /** Called once, when the whole request is there. */
  request(message: Uint8Array): RequestDecision | Promise<RequestDecision>;
  /** Called only for a call that was forwarded and answered with one message and status OK. */
  response(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export interface RelayOptions {
  /** The socket that core opened; nothing of it has been read. The relay owns it from now on. */
  readonly core: Duplex;
  /** Connects to the provider. Called at most once, with the first call that is forwarded; the relay owns the socket. */
  connect(): Promise<Duplex>;
  /** Who handles a call, by its path such as `/tfplugin6.Provider/PlanResourceChange`; null: it passes through untouched. */
  intercept(path: string): CallHandler | null;
  /**
   * Told when a handler threw, a call could not be looked into (its message went through as it came), or a connection
   * broke (`path` is then empty). The error is a `WireError` unless a handler or `connect` threw it.
   */
  fault(error: unknown, path: string): void;
  /**
   * Core's connection has ended; the provider's, if there is one, stays open for calls of our own until this settles.
   * Without it the provider's connection ends at once.
   */
  coreGone?(): Promise<void>;
}
