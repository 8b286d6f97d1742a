import { GuestError } from "../../../runtimes/guest-error.js";
import type { CompiledCode, GuestProgram, SandboxedSpec } from "../../../runtimes/guest.js";
import type { ProgramSpec } from "../messages.js";
import { Control } from "./control.js";
import { Ring } from "./ring.js";
import { WorkerInput } from "./worker-input.js";
import { WorkerIo } from "./worker-io.js";
import type { PortOutput, ServeTask, WarmUpTask } from "./worker-messages.js";
import { WorkerOutput } from "./worker-output.js";

/**
 * The task of a Piscina worker: one guest's whole life. From `loaded` on the thread only ever blocks or runs the guest,
 * so the watcher sees it through `Control` and speaks to it through the port.
 */
export default async function serve(task: ServeTask | WarmUpTask): Promise<void> {
  if ("warmUp" in task) {
    await programOf(task.warmUp);
    return;
  }
  const { port, control, input, output, spec, module } = task;
  const lines = new WorkerInput(port, new Control(control), new Ring(input));
  const io = new WorkerIo(lines, new WorkerOutput(port, new Ring(output)), new Control(control), spec.limits);
  try {
    const keep = (compiled: WebAssembly.Module): void => {
      port.postMessage(compiled satisfies PortOutput);
    };
    await run(spec, io, { module, keep });
    io.finished();
  } catch (error) {
    io.ended(asGuestError(error));
  } finally {
    port.close();
  }
}

async function run(spec: ProgramSpec, io: WorkerIo, compiled: CompiledCode): Promise<void> {
  const loaded = (): void => {
    io.loaded();
  };
  if (spec.configCheck !== undefined) (await import("./config-check.js")).checkConfig(spec.configCheck);
  if (spec.kind === "config-only") {
    loaded();
    return;
  }
  const program = await programOf(spec.kind);
  await program(spec, io, loaded, compiled);
}

/** Only what this kind needs is loaded. */
async function programOf(kind: SandboxedSpec["kind"]): Promise<GuestProgram> {
  if (kind === "js") return (await import("../../../runtimes/js/program.js")).jsProgram;
  return (await import("../../../runtimes/wasm/program.js")).wasmProgram;
}

/** Whatever a program throws beside a `GuestError` was caused by its guest, too: nothing else runs here. */
function asGuestError(error: unknown): GuestError {
  if (error instanceof GuestError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const code = error instanceof RangeError ? "GUEST_MEMORY" : "GUEST_CRASHED";
  return new GuestError(code, message.slice(0, 1_000), true, { cause: error });
}
