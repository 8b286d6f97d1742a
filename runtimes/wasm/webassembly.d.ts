/**
 * The part of the WebAssembly JavaScript API (https://webassembly.github.io/spec/js-api/) that this project uses.
 * TypeScript ships it only with the DOM library, whose other globals do not exist in Node.
 */
declare namespace WebAssembly {
  type ImportExportKind = "function" | "global" | "memory" | "table" | "tag";
  type ModuleImports = Record<string, unknown>;
  type Imports = Record<string, ModuleImports>;

  interface ModuleExportDescriptor {
    readonly name: string;
    readonly kind: ImportExportKind;
  }

  interface ModuleImportDescriptor extends ModuleExportDescriptor {
    readonly module: string;
  }

  class Module {
    constructor(bytes: Uint8Array);
    static exports(module: Module): ModuleExportDescriptor[];
    static imports(module: Module): ModuleImportDescriptor[];
    private readonly module: true;
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  class Memory {
    constructor(descriptor: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
    /** Grows by 64 KiB pages; throws `RangeError` beyond the maximum. */
    grow(pages: number): number;
  }

  class Table {
    constructor(descriptor: { readonly element: "anyfunc"; readonly initial: number; readonly maximum?: number });
    readonly length: number;
    grow(elements: number): number;
  }

  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  function validate(bytes: Uint8Array): boolean;
}
