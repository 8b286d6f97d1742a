import type { Plugin } from "@extism/extism";
import { quote } from "../../src/base/quote.js";
import type { GuestIo, SandboxedSpec } from "../guest.js";
import { GuestError } from "../guest-error.js";
import { Ending, guestErrorOf } from "./ending.js";
import type { MemoryUse } from "./ending.js";
import { EXTISM_NAMESPACE, PLUG_IN_ENTRY, USER_NAMESPACE, WASI_NAMESPACE } from "./host-functions.js";
import { exportedFunction, exportedMemory, loadFailure } from "./instance.js";
import { Kernel } from "./kernel.js";
import { loadError } from "./load-error.js";
import { GuestMemory } from "./wasi/guest-memory.js";
import { createWasi } from "./wasi/preview1.js";
import type { WasiImport } from "./wasi/preview1.js";
import { plugInStreams } from "./wasi/streams.js";
import type { StandardStreams } from "./wasi/streams.js";

/** The name Extism gives to the only module; with it, it does not list all exports for each call. */
const ONLY_MODULE = "0";
/** `ignoreBOM`: a BOM is no part of JSON, so it stays visible. */
const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Runs an Extism plug-in: one call of its export `handle` for each line of the host, in this thread. From `loaded` on
 * it awaits only what resolves without the event loop, for `io.read` blocks the thread.
 *
 * Returns when the host is done. Throws `GuestError`: GUEST_LOAD when it cannot be instantiated; GUEST_CRASHED when it
 * traps; GUEST_MEMORY; GUEST_MESSAGE_TOO_LARGE. An error that the plug-in reports itself (GUEST_CRASHED) and an empty
 * answer (GUEST_NO_ANSWER) go to `io.fail`: it lives on.
 */
export async function runPlugIn(
  module: WebAssembly.Module,
  spec: SandboxedSpec,
  io: GuestIo,
  loaded: () => void,
): Promise<void> {
  const plugIn = await loadPlugIn(module, spec, io);
  loaded();
  for (let line = io.read(); line !== null; line = io.read()) {
    await callPlugIn(plugIn, line);
    answer(plugIn.kernel, io);
  }
}

interface PlugIn {
  readonly plugin: Plugin;
  readonly kernel: Kernel;
  readonly ending: Ending;
  readonly streams: StandardStreams;
  readonly use: () => MemoryUse;
}

async function loadPlugIn(module: WebAssembly.Module, spec: SandboxedSpec, io: GuestIo): Promise<PlugIn> {
  const ending = new Ending();
  const memory = new GuestMemory();
  const kernel = new Kernel(spec.limits, io, ending);
  const streams = plugInStreams(io, spec.limits);
  const wasi = createWasi({ ...spec, streams, memory, ending });
  const use = (): MemoryUse => ({ usedBytes: memory.byteLength, limitBytes: spec.limits.memoryBytes });
  // Loaded only for plug-ins: it brings node:wasi with it, which is never used here.
  const { createPlugin } = await import("@extism/extism");
  try {
    const plugin = await createPlugin(
      { wasm: [{ module }] },
      {
        useWasi: false,
        runInWorker: false,
        allowedHosts: [],
        allowedPaths: {},
        config: {},
        functions: {
          [EXTISM_NAMESPACE]: kernel.functions(),
          [USER_NAMESPACE]: kernel.userFunctions(),
          [WASI_NAMESPACE]: behindContext(wasi),
        },
      },
    );
    const instance = await plugin.getInstance();
    const exported = exportedMemory(instance);
    if (exported !== null) memory.bind(exported);
    if (exportedFunction(instance, PLUG_IN_ENTRY) === null) {
      throw loadError(`the module exports no function "${PLUG_IN_ENTRY}"`);
    }
    // A library with WASI ("reactor") sets itself up here.
    exportedFunction(instance, "_initialize")?.();
    ending.check();
    return { plugin, kernel, ending, streams, use };
  } catch (error) {
    throw loadFailure(error, ending, use());
  }
}

async function callPlugIn({ plugin, kernel, ending, streams, use }: PlugIn, line: string): Promise<void> {
  try {
    kernel.begin(line);
    await plugin.call([ONLY_MODULE, PLUG_IN_ENTRY]);
    ending.check();
  } catch (error) {
    throw guestErrorOf(ending.cause ?? error, "in the middle of a call", use());
  } finally {
    streams.flush();
  }
}

function answer(kernel: Kernel, io: GuestIo): void {
  const error = kernel.error();
  const output = kernel.output();
  if (error !== null) {
    io.fail(new GuestError("GUEST_CRASHED", `it answered with an error of its own: ${quote(error)}`, false));
  } else if (output === null || output.length === 0) {
    io.fail(new GuestError("GUEST_NO_ANSWER", "it took the request and gave no answer", false));
  } else {
    for (const line of lines(output)) io.write(line);
  }
}

/** An answer is one line; a plug-in may put log notifications, a line each, before it. */
function lines(output: Uint8Array): string[] {
  let text: string;
  try {
    text = strictText.decode(output);
  } catch (cause) {
    throw new GuestError("GUEST_CRASHED", "it answered with bytes that are not UTF-8", true, { cause });
  }
  return text.replace(/\r?\n$/, "").split(/\r?\n/);
}

/** Extism puts its call context before the parameters. */
function behindContext(wasi: Readonly<Record<string, WasiImport>>) {
  return Object.fromEntries(
    Object.entries(wasi).map(([name, call]) => [
      name,
      (_context: unknown, ...parameters: unknown[]) => call(...parameters),
    ]),
  );
}
