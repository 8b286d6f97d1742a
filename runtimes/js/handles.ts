import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten";

/** Gives the handle back whatever `use` does; the library's own `consume` keeps it when `use` throws. */
export function withHandle<T>(handle: QuickJSHandle, use: (handle: QuickJSHandle) => T): T {
  try {
    return use(handle);
  } finally {
    handle.dispose();
  }
}

/** Looks at strings inside the engine before anything of them is copied out. */
export class StringReader {
  readonly #context: QuickJSContext;
  /** Kept, so that asking for a length copies nothing in. */
  readonly #lengthKey: QuickJSHandle;

  constructor(context: QuickJSContext) {
    this.#context = context;
    this.#lengthKey = context.newString("length");
  }

  isString(handle: QuickJSHandle): boolean {
    return this.#context.typeof(handle) === "string";
  }

  /** UTF-16 units of a string. No code of the guest runs: a string's `length` is its own. */
  length(handle: QuickJSHandle): number {
    return this.#context.getLength(handle) ?? 0;
  }

  /** The text of a string of at most `characters`; "" for anything else. */
  bounded(handle: QuickJSHandle, characters: number): string {
    if (!this.isString(handle) || this.length(handle) > characters) return "";
    return this.#context.getString(handle);
  }

  dispose(): void {
    this.#lengthKey.dispose();
  }
}
