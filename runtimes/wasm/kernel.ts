import { formatSize } from "../../src/base/size-text.js";
import { REQUEST_LIMITS } from "../../src/protocol/limits.js";
import type { Limits } from "../../src/protocol/limits.js";
import type { LogLevel } from "../../src/protocol/messages.js";
import type { GuestIo } from "../guest.js";
import { GuestError } from "../guest-error.js";
import type { Ending } from "./ending.js";
import { fetchRequest, fetchResponse, NO_RESPONSE } from "./plug-in-http.js";
import type { PlugInResponse } from "./plug-in-http.js";
import type { ExtismFunction, UserFunction } from "./host-functions.js";
import { KernelMemory } from "./kernel-memory.js";

/** What Extism allows a plug-in's variables by default (https://extism.org/docs/concepts/memory). */
const VARIABLE_BYTES = 1024 * 1024;
const ENTRY_BYTES = 128;
const ERROR_BYTES = 1_000;
const NONE = 0n;
/** Extism's number for "log everything"; how much of it is kept is up to the log limits. */
const LOG_LEVEL_TRACE = 0;
/** Not fatal: a log line with broken UTF-8 is still worth reading. */
const lossyText = new TextDecoder("utf-8", { ignoreBOM: true });

interface Block {
  readonly address: number;
  readonly length: number;
}

/** A function as Extism calls it: its own call context first, which we do not use. */
type KernelFunction = (context: unknown, first: unknown, second: unknown) => unknown;

/**
 * Extism's host functions, bounded. They stand in for those of the Extism package, whose blocks are buffers of the host
 * without any limit, are kept from call to call, and run out of addresses after 32,767 of them.
 *
 * Blocks together are held to `limits.memoryBytes`, variables to 1 MiB, output to `limits.messageBytes`. There is no
 * configuration: it comes with `initialize`. HTTP goes through the host's broker, as `http/fetch` does.
 */
export class Kernel {
  readonly #memory: KernelMemory;
  readonly #variables = new Map<string, Uint8Array>();
  #variableBytes = 0;
  readonly #limits: Limits;
  readonly #io: GuestIo;
  readonly #ending: Ending;
  #input: Block = { address: 0, length: 0 };
  #output: Block | null = null;
  #error: Block | null = null;
  #response: PlugInResponse = NO_RESPONSE;

  constructor(limits: Limits, io: GuestIo, ending: Ending) {
    this.#memory = new KernelMemory(limits.memoryBytes, ending);
    this.#limits = limits;
    this.#io = io;
    this.#ending = ending;
  }

  /** Empties the shared memory and puts a request into it. Throws GUEST_MEMORY when there is no room for it. */
  begin(request: string): void {
    this.#memory.reset();
    this.#output = null;
    this.#error = null;
    const bytes = Buffer.from(request);
    const address = this.#memory.alloc(bytes.length);
    this.#memory.bytes(address, bytes.length).set(bytes);
    this.#input = { address, length: bytes.length };
  }

  /** The answer's bytes, a window valid until the guest runs again; null when it gave none. */
  output(): Uint8Array | null {
    return this.#output === null ? null : this.#memory.bytes(this.#output.address, this.#output.length);
  }

  /** What the plug-in gave as its error; null when it gave none. */
  error(): string | null {
    if (this.#error === null) return null;
    const { address, length } = this.#error;
    return lossyText.decode(this.#memory.bytes(address, Math.min(length, ERROR_BYTES)));
  }

  /** The host functions, in the form that Extism's `createPlugin` takes. */
  functions(): Record<ExtismFunction, KernelFunction> {
    return { ...this.#memoryFunctions(), ...this.#callFunctions(), ...this.#serviceFunctions() };
  }

  /** Our own functions, in the same form. */
  userFunctions(): Record<UserFunction, KernelFunction> {
    return {
      airlock_request: (_context, address) => {
        const answer = this.#io.request(this.#text(Number(address), REQUEST_LIMITS.requestBytes));
        return answer === null ? NONE : this.#give(Buffer.from(answer));
      },
    };
  }

  /** Called for every few bytes of a message, so nothing stands between. */
  #memoryFunctions() {
    const memory = this.#memory;
    const length: KernelFunction = (_context, address) => BigInt(memory.length(Number(address)));
    return {
      alloc: (_context, size) => BigInt(memory.alloc(Number(size))),
      free: (_context, address) => {
        memory.free(Number(address));
      },
      length,
      length_unsafe: length,
      load_u8: (_context, address) => memory.loadU8(Number(address)),
      load_u64: (_context, address) => memory.loadU64(Number(address)),
      store_u8: (_context, address, value) => {
        memory.storeU8(Number(address), Number(value));
      },
      store_u64: (_context, address, value) => {
        memory.storeU64(Number(address), typeof value === "bigint" ? value : NONE);
      },
    } satisfies Partial<Record<ExtismFunction, KernelFunction>>;
  }

  #callFunctions() {
    const memory = this.#memory;
    // Beyond the input there are zeros, as in Extism's own kernel.
    const within = (offset: number, size: number): boolean => offset >= 0 && offset + size <= this.#input.length;
    return {
      input_length: () => BigInt(this.#input.length),
      input_offset: () => BigInt(this.#input.address),
      input_load_u8: (_context, offset) =>
        within(Number(offset), 1) ? memory.loadU8(this.#input.address + Number(offset)) : 0,
      input_load_u64: (_context, offset) =>
        within(Number(offset), 8) ? memory.loadU64(this.#input.address + Number(offset)) : NONE,
      output_set: (_context, address, length) => {
        this.#setOutput(Number(address), Number(length));
      },
      output_offset: () => BigInt(this.#output?.address ?? 0),
      output_length: () => BigInt(this.#output?.length ?? 0),
      error_set: (_context, address) => {
        const length = memory.length(Number(address));
        this.#error = Number(address) === 0 ? null : { address: Number(address), length };
      },
      error_get: () => BigInt(this.#error?.address ?? 0),
    } satisfies Partial<Record<ExtismFunction, KernelFunction>>;
  }

  #serviceFunctions() {
    const log =
      (level: LogLevel): KernelFunction =>
      (_context, address) => {
        this.#log(level, Number(address));
      };
    return {
      config_get: () => NONE,
      var_get: (_context, key) => this.#getVariable(Number(key)),
      var_set: (_context, key, value) => {
        this.#setVariable(Number(key), Number(value));
      },
      http_request: (_context, request, body) => this.#http(Number(request), Number(body)),
      http_status_code: () => this.#response.status,
      http_headers: () => this.#give(Buffer.from(JSON.stringify(this.#response.headers))),
      get_log_level: () => LOG_LEVEL_TRACE,
      log_trace: log("debug"),
      log_debug: log("debug"),
      log_info: log("info"),
      log_warn: log("warn"),
      log_error: log("error"),
    } satisfies Partial<Record<ExtismFunction, KernelFunction>>;
  }

  #setOutput(address: number, length: number): void {
    if (length > this.#limits.messageBytes) {
      const text = `its answer is over ${formatSize(this.#limits.messageBytes)}`;
      this.#ending.end(new GuestError("GUEST_MESSAGE_TOO_LARGE", text, true));
    }
    this.#memory.bytes(address, length);
    this.#output = { address, length };
  }

  #log(level: LogLevel, address: number): void {
    // One byte more than allowed is enough for the line to be seen as too long.
    const length = Math.min(this.#memory.length(address), this.#limits.logLineBytes + 1);
    if (length > 0) this.#io.log({ level, message: lossyText.decode(this.#memory.bytes(address, length)) });
  }

  #getVariable(keyAddress: number): bigint {
    const value = this.#variables.get(this.#key(keyAddress));
    if (value === undefined) return NONE;
    return this.#give(value);
  }

  /** A new block with these bytes. */
  #give(bytes: Uint8Array): bigint {
    const address = this.#memory.alloc(bytes.length);
    this.#memory.bytes(address, bytes.length).set(bytes);
    return BigInt(address);
  }

  /** Extism's way to the host's `http/fetch`. Without a response, the status is 0 and the reason a log line. */
  #http(requestAddress: number, bodyAddress: number): bigint {
    const body = this.#memory.bytes(bodyAddress === 0 ? requestAddress : bodyAddress, this.#memory.length(bodyAddress));
    const asked = fetchRequest(this.#text(requestAddress, REQUEST_LIMITS.requestBytes), body);
    const answered = asked === null ? null : this.#io.request(asked);
    const { response, body: content, problem } = fetchResponse(answered);
    this.#response = response;
    if (problem === null) return this.#give(content);
    this.#io.log({ level: "error", message: problem });
    return NONE;
  }

  /** The text of a block, at most one byte more than is allowed. */
  #text(address: number, maxBytes: number): string {
    const length = Math.min(this.#memory.length(address), maxBytes + 1);
    return lossyText.decode(this.#memory.bytes(address, length));
  }

  /** A value of address 0 removes the variable. */
  #setVariable(keyAddress: number, valueAddress: number): void {
    const key = this.#key(keyAddress);
    this.#variableBytes -= variableSize(key, this.#variables.get(key));
    this.#variables.delete(key);
    if (valueAddress === 0) return;
    const value = this.#memory.bytes(valueAddress, this.#memory.length(valueAddress)).slice();
    this.#variableBytes += variableSize(key, value);
    if (this.#variableBytes > Math.min(VARIABLE_BYTES, this.#limits.memoryBytes)) {
      this.#ending.end(new GuestError("GUEST_MEMORY", `its variables take over ${VARIABLE_BYTES} bytes`, true));
    }
    this.#variables.set(key, value);
  }

  #key(address: number): string {
    const length = Math.min(this.#memory.length(address), VARIABLE_BYTES);
    return lossyText.decode(this.#memory.bytes(address, length));
  }
}

/** An entry is charged for the host's own upkeep, too. */
function variableSize(key: string, value: Uint8Array | undefined): number {
  return value === undefined ? 0 : key.length * 2 + value.length + ENTRY_BYTES;
}
