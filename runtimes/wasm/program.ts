import { formatSize } from "../../src/base/size-text.js";
import type { GuestProgram } from "../guest.js";
import { GuestError } from "../guest-error.js";
import { runCommand } from "./command.js";
import { wasmFlavour } from "./flavour.js";
import { compileModule } from "./instance.js";
import { limitModule } from "./limit.js";
import { parseModule } from "./module.js";
import { runPlugIn } from "./plug-in.js";

/**
 * Runs a wasm guest of either flavour. Nothing of it runs before the maxima of its memories and tables stand in its own
 * sections. Wall time is not bounded here: who owns the thread ends it.
 *
 * Throws `GuestError`: GUEST_MODULE_TOO_LARGE, GUEST_LOAD, GUEST_MEMORY, and all that `runCommand` and `runPlugIn` name.
 */
export const wasmProgram: GuestProgram = async (spec, io, loaded, compiled) => {
  const { code, limits } = spec;
  if (code.length > limits.moduleBytes) {
    const text = `the module is ${formatSize(code.length)}; ${formatSize(limits.moduleBytes)} are allowed`;
    throw new GuestError("GUEST_MODULE_TOO_LARGE", text, true);
  }
  const outline = parseModule(code);
  const flavour = wasmFlavour(outline);
  const module = compiled?.module ?? compileModule(limitModule(code, limits, outline));
  if (compiled?.module === null) compiled.keep(module);
  if (flavour === "command") runCommand(module, spec, io, loaded);
  else await runPlugIn(module, spec, io, loaded);
};
