import type { DeclarationsRead } from "../declare/read.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import type { PackageRequest } from "../package/resolve.js";
import type { Runtime, RuntimeOptions } from "../runtime/types.js";
import type { ModuleDescription } from "../../runtimes/wasm/flavour.js";

/** What commands need of the layers below. Each is loaded when it is first used, so `airlock --version` loads none. */
export interface Services {
  readDeclarations(directory: string): Promise<DeclarationsRead>;
  createRuntime(options: RuntimeOptions): Promise<Runtime>;
  resolvePackage(request: PackageRequest): Promise<IntegrationPackage>;
  describeModule(bytes: Uint8Array): Promise<ModuleDescription>;
  /** What contains an executable on this machine; PATH is where bubblewrap is looked for. */
  isolation(searchPath: string | undefined): Promise<string>;
}

/** The services of the command itself; tests bring others. */
export const REAL_SERVICES: Services = {
  async readDeclarations(directory) {
    const { readDeclarations } = await import("../declare/read.js");
    return readDeclarations(directory);
  },
  async createRuntime(options) {
    const { createRuntime } = await import("../runtime/runtime.js");
    return createRuntime(options);
  },
  async resolvePackage(request) {
    const { resolvePackage } = await import("../package/resolve.js");
    return resolvePackage(request);
  },
  async describeModule(bytes) {
    const { describeModule } = await import("../../runtimes/wasm/flavour.js");
    return describeModule(bytes);
  },
  async isolation(searchPath) {
    const { findBubblewrap, isolationText } = await import("../../runtimes/executable/bubblewrap.js");
    return isolationText(await findBubblewrap(searchPath));
  },
};
