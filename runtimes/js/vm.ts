import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from "quickjs-emscripten";
import type { GuestError } from "../guest-error.js";
import type { CompiledCode, GuestIo, SandboxedSpec } from "../guest.js";
import { openEngine } from "./engine.js";
import type { Engine } from "./engine.js";
import { Faults } from "./faults.js";
import { StringReader, withHandle } from "./handles.js";
import { installPrelude } from "./host-functions.js";
import { isOutOfMemory, isStackOverflow, locate, MESSAGE_CHARACTERS, readThrown } from "./thrown.js";

/** Promise jobs run between two looks at the clock. */
const JOBS_PER_LOOK = 256;

/** What a guest can reach of its host. */
export type VmIo = Pick<GuestIo, "write" | "request" | "log">;

/**
 * One guest module in an engine of its own. Every method throws only `GuestError`; after one whose `gone` is true
 * the object must not be used again. Every handle that it takes is given back, so `dispose` finds no leak.
 */
export class JsVm {
  readonly #memory: WebAssembly.Memory;
  readonly #spec: SandboxedSpec;
  readonly #io: VmIo;
  readonly #faults: Faults;
  readonly #file: string;
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #strings: StringReader;
  readonly #describe: QuickJSHandle;
  #handler: QuickJSHandle | undefined;
  #source = "";
  #loading = true;
  #deadline = Infinity;
  #interrupted = false;
  #deniedImport: string | undefined;
  /** What a host function refused in the call at hand; it outranks the exception that the guest made of it. */
  #refused: GuestError | undefined;

  /** Compiles and starts an engine; no code of the guest runs yet. */
  static async open(spec: SandboxedSpec, io: VmIo, compiled?: CompiledCode): Promise<JsVm> {
    return new JsVm(await openEngine(spec.limits.memoryBytes, compiled), spec, io);
  }

  private constructor(engine: Engine, spec: SandboxedSpec, io: VmIo) {
    this.#memory = engine.memory;
    this.#spec = spec;
    this.#io = io;
    this.#faults = new Faults(spec.name);
    this.#file = `${spec.name}.js`;
    this.#runtime = engine.module.newRuntime();
    this.#runtime.setMaxStackSize(spec.limits.stackBytes);
    this.#runtime.setInterruptHandler(() => (this.#interrupted ||= performance.now() > this.#deadline));
    this.#runtime.setModuleLoader(
      (specifier) => ({ error: this.#denyImport(specifier) }),
      // As written: resolved against the importing file, `./a.js` would be reported as `a.js`.
      (_base, specifier) => specifier,
    );
    this.#context = this.#runtime.newContext();
    this.#strings = new StringReader(this.#context);
    this.#describe = installPrelude(this.#context, this.#strings, spec, {
      serve: (handler) => {
        this.#serve(handler);
      },
      send: (message) => {
        this.#send(message);
      },
      request: (message) => this.#request(message),
      log: (level, message) => {
        this.#io.log({ level, message });
      },
    });
    // Last: the engine's own objects always fit, and the guest's first allocation is the one that fails.
    this.#runtime.setMemoryLimit(spec.limits.memoryBytes);
  }

  /**
   * Evaluates the module within `budgetMs`. Throws `GUEST_LOAD` (syntax, an import, an exception, no handler),
   * `GUEST_MEMORY` or `GUEST_TIMEOUT`; all of them end the guest.
   */
  load(source: string, budgetMs: number): void {
    this.#source = source;
    this.#run(budgetMs, () => {
      const evaluated = this.#context.evalCode(source, this.#file, { type: "module" });
      if (evaluated.error !== undefined) throw withHandle(evaluated.error, (error) => this.#faultOf(error));
      withHandle(evaluated.value, (outcome) => {
        this.#settle(outcome, budgetMs, (namespace) => {
          this.#takeHandler(namespace);
        });
      });
    });
    this.#loading = false;
  }

  /**
   * Hands one line to the guest and gives its answer, which is at most `messageBytes` long. Throws `GUEST_CRASHED`,
   * `GUEST_NO_ANSWER` or `GUEST_MESSAGE_TOO_LARGE` (the guest lives on), `GUEST_MEMORY` or `GUEST_TIMEOUT`.
   */
  call(line: string, budgetMs: number): string {
    return this.#run(budgetMs, () => {
      const context = this.#context;
      const handler = this.#handler ?? context.undefined;
      const result = withHandle(context.newString(line), (argument) =>
        context.callFunction(handler, context.undefined, argument),
      );
      if (result.error !== undefined) throw withHandle(result.error, (error) => this.#faultOf(error));
      return withHandle(result.value, (outcome) => this.#settle(outcome, budgetMs, (value) => this.#answer(value)));
    });
  }

  /** Bytes of linear memory that the engine holds now. */
  get linearMemoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Gives the engine's objects back; throws the engine's own assertion when one of our handles was left over. */
  dispose(): void {
    this.#handler?.dispose();
    this.#describe.dispose();
    this.#strings.dispose();
    this.#context.dispose();
    this.#runtime.dispose();
  }

  /** Sets the clock, and makes one `GuestError` of whatever goes wrong inside. */
  #run<T>(budgetMs: number, work: () => T): T {
    this.#deadline = performance.now() + budgetMs;
    this.#refused = undefined;
    try {
      return work();
    } catch (error) {
      if (this.#interrupted) throw this.#faults.timeout(budgetMs);
      throw this.#faults.engine(error, this.#spec.limits);
    } finally {
      this.#deadline = Infinity;
    }
  }

  /** Runs promise jobs until there are none, then hands the value that a promise came to, or the value itself, to `use`. */
  #settle<T>(outcome: QuickJSHandle, budgetMs: number, use: (value: QuickJSHandle) => T): T {
    this.#drain(budgetMs);
    const state = this.#context.getPromiseState(outcome);
    switch (state.type) {
      case "fulfilled":
        return state.notAPromise === true ? use(outcome) : withHandle(state.value, use);
      case "rejected":
        throw withHandle(state.error, (error) => this.#faultOf(error));
      case "pending":
        if (this.#loading) {
          throw this.#faults.load("waits at its top level for what can never come", "There are no timers and no I/O.");
        }
        throw this.#faults.noAnswer("it waits for a promise that nothing is left to settle");
    }
  }

  /** An interrupt ends only the job at hand, so a chain of short jobs needs a look at the clock of its own. */
  #drain(budgetMs: number): void {
    while (this.#runtime.hasPendingJob()) {
      const result = this.#runtime.executePendingJobs(JOBS_PER_LOOK);
      if (result.error !== undefined) throw withHandle(result.error, (error) => this.#faultOf(error));
      this.#interrupted ||= performance.now() > this.#deadline;
      if (this.#interrupted) throw this.#faults.timeout(budgetMs);
    }
  }

  #takeHandler(namespace: QuickJSHandle): void {
    if (this.#handler !== undefined) return;
    const exported = this.#context.getProp(namespace, "handle");
    if (this.#context.typeof(exported) === "function") {
      this.#handler = exported;
      return;
    }
    exported.dispose();
    throw this.#faults.load(
      "neither exports a function `handle` nor calls `airlock.serve`",
      "Export `handle(line)`, or call the SDK's `serve(integration)` at the top level.",
    );
  }

  /** The size is looked at inside the engine: an oversized answer is never copied out. */
  #answer(value: QuickJSHandle): string {
    if (this.#refused !== undefined) throw this.#refused;
    if (!this.#strings.isString(value)) {
      throw this.#faults.noAnswer(`\`handle\` returned ${this.#context.typeof(value)}, not a string`);
    }
    const answer = this.#copy(value);
    if (answer === "") throw this.#faults.noAnswer("`handle` returned an empty string");
    return answer;
  }

  /** Copies a string of at most `messageBytes` out of the engine. */
  #copy(value: QuickJSHandle): string {
    const limit = this.#spec.limits.messageBytes;
    const characters = this.#strings.length(value);
    if (characters > limit) throw this.#faults.tooLarge(`${characters} characters`, limit);
    const text = this.#context.getString(value);
    // The engine makes a UTF-8 copy first; without room for it, it gives nothing.
    if (text === "" && characters > 0) throw this.#faults.memory(this.#spec.limits.memoryBytes);
    const bytes = Buffer.byteLength(text);
    if (bytes > limit) throw this.#faults.tooLarge(`${bytes} bytes`, limit);
    return text;
  }

  #serve(handler: QuickJSHandle): void {
    if (!this.#loading) throw new Error("airlock.serve may be called only while the module loads");
    if (this.#handler !== undefined) throw new Error("airlock.serve was called twice");
    if (this.#context.typeof(handler) !== "function") throw new Error("airlock.serve needs a function");
    this.#handler = handler.dup();
  }

  #send(message: QuickJSHandle): void {
    if (this.#loading) throw new Error("airlock.send may be called only while a request is worked on");
    if (!this.#strings.isString(message)) throw new Error("airlock.send needs a string");
    try {
      for (const line of toLines(this.#copy(message))) this.#io.write(line);
    } catch (error) {
      this.#refused ??= this.#faults.engine(error, this.#spec.limits);
      throw new Error(`airlock.send: ${this.#refused.message}`);
    }
  }

  #request(message: QuickJSHandle): string {
    if (this.#loading) throw new Error("airlock.request may be called only while a request is worked on");
    if (!this.#strings.isString(message)) throw new Error("airlock.request needs a string");
    let answer: string | null;
    try {
      answer = this.#io.request(this.#copy(message));
    } catch (error) {
      this.#refused ??= this.#faults.engine(error, this.#spec.limits);
      throw new Error(`airlock.request: ${this.#refused.message}`);
    }
    if (answer === null) throw new Error("airlock.request needs a JSON-RPC request with an id, of 1 MiB at most");
    return answer;
  }

  #denyImport(specifier: string): Error {
    this.#deniedImport = specifier.slice(0, MESSAGE_CHARACTERS);
    return new Error(`cannot import "${this.#deniedImport}": a sandboxed module stands alone`);
  }

  /** What an exception of the guest means. */
  #faultOf(error: QuickJSHandle): GuestError {
    const { memoryBytes, stackBytes } = this.#spec.limits;
    if (this.#refused !== undefined) return this.#refused;
    const thrown = readThrown(this.#context, this.#strings, this.#describe, error);
    if (isOutOfMemory(thrown)) return this.#faults.memory(memoryBytes);
    if (thrown.isNull && this.linearMemoryBytes > memoryBytes / 2) return this.#faults.memory(memoryBytes);
    if (isStackOverflow(thrown)) return this.#faults.stack(stackBytes, this.#loading);
    const location = locate(thrown, this.#file, this.#source);
    if (!this.#loading) return this.#faults.crashed(thrown.text, location);
    if (this.#deniedImport !== undefined && thrown.message.startsWith("cannot import ")) {
      return this.#faults.load(
        `imports "${this.#deniedImport}"; a sandboxed module can import nothing`,
        "Bundle the integration into one file, e.g. with esbuild --bundle --format=esm.",
        location,
      );
    }
    return this.#faults.load(`could not be loaded: ${thrown.text}`, "Fix the module's source.", location);
  }
}

/** The lines of a text; a last LF ends the last line and begins none. */
export function toLines(text: string): string[] {
  if (!text.includes("\n")) return [text];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}
