import { GuestError } from "../../../runtimes/guest-error.js";
import type { GuestProgram } from "../../../runtimes/guest.js";
import type { ProgramSpec } from "../messages.js";
import { Control } from "./control.js";
import { Ring } from "./ring.js";
import { WorkerInput } from "./worker-input.js";
import { WorkerIo } from "./worker-io.js";
import type { ServeTask } from "./worker-messages.js";
import { WorkerOutput } from "./worker-output.js";

/**
 * The task of a Piscina worker: one guest's whole life. From `loaded` on the thread only ever blocks or runs the guest,
 * so the watcher sees it through `Control` and speaks to it through the port.
 */
export default async function serve({ port, control, input, output, spec }: ServeTask): Promise<void> {
  const lines = new WorkerInput(port, new Control(control), new Ring(input));
  const io = new WorkerIo(lines, new WorkerOutput(port, new Ring(output)), new Control(control), spec.limits);
  try {
    await run(spec, io);
    io.finished();
  } catch (error) {
    io.ended(asGuestError(error));
  } finally {
    port.close();
  }
}

async function run(spec: ProgramSpec, io: WorkerIo): Promise<void> {
  const loaded = (): void => {
    io.loaded();
  };
  if (spec.configCheck !== undefined) (await import("./config-check.js")).checkConfig(spec.configCheck);
  if (spec.kind === "config-only") {
    loaded();
    return;
  }
  const program: GuestProgram =
    spec.kind === "js"
      ? (await import("../../../runtimes/js/program.js")).jsProgram
      : (await import("../../../runtimes/wasm/program.js")).wasmProgram;
  await program(spec, io, loaded);
}

/** Whatever a program throws beside a `GuestError` was caused by its guest, too: nothing else runs here. */
function asGuestError(error: unknown): GuestError {
  if (error instanceof GuestError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const code = error instanceof RangeError ? "GUEST_MEMORY" : "GUEST_CRASHED";
  return new GuestError(code, message.slice(0, 1_000), true, { cause: error });
}
