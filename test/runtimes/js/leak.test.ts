import { describe, expect, it } from "vitest";
import { GuestError } from "../../../runtimes/guest-error.js";
import { JsVm } from "../../../runtimes/js/vm.js";
import { specOf } from "./harness.js";

const SOURCE = `let calls = 0;
export function handle(line) {
  calls += 1;
  switch (calls % 8) {
    case 0: throw new Error(line);
    case 1: return Promise.resolve(line);
    case 2: return Promise.reject(new TypeError(line));
    case 3: return new Promise(() => {});
    case 4: airlock.send(line); console.log(line); return line;
    case 5: return { line };
    case 6: return "x".repeat(2000);
    default: return line;
  }
}`;

async function open(): Promise<JsVm> {
  const spec = specOf("", { limits: { messageBytes: 1000, memoryBytes: 4 * 1024 * 1024 } });
  const vm = await JsVm.open(spec, { write: () => undefined, request: () => null, log: () => undefined });
  vm.load(SOURCE, 5000);
  return vm;
}

function callMany(vm: JsVm, calls: number): void {
  const line = JSON.stringify({ text: "0123456789".repeat(50) });
  for (let call = 0; call < calls; call += 1) {
    try {
      vm.call(line, 5000);
    } catch (error) {
      if (!(error instanceof GuestError) || error.gone) throw error;
    }
  }
}

describe("handles into the JavaScript engine", () => {
  it("are all given back over 10,000 calls of every outcome", async () => {
    const vm = await open();
    callMany(vm, 1000);
    const after = vm.linearMemoryBytes;
    callMany(vm, 9000);
    expect(vm.linearMemoryBytes).toBe(after);
    // The engine asserts that no object is left when it ends.
    expect(() => {
      vm.dispose();
    }).not.toThrow();
  });

  it("are not followed after the engine has ended", async () => {
    const vm = await open();
    callMany(vm, 8);
    vm.dispose();
    expect(() => {
      vm.call("x", 100);
    }).toThrow(GuestError);
  });
});
