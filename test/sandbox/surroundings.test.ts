import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Sandbox } from "../../src/sandbox/sandbox.js";
import { jsSpec, recorder } from "../support/sandboxed.js";

let sandbox: Sandbox;
beforeAll(() => {
  process.env["TZ"] = "America/New_York";
  sandbox = new Sandbox();
});
afterAll(async () => {
  delete process.env["TZ"];
  await sandbox.close();
});

async function evaluate(expression: string): Promise<string | undefined> {
  const guest = await sandbox.open(
    sandbox.addPool(jsSpec(`export const handle = () => String(${expression});`), 1),
    recorder(),
  );
  const { lines } = await guest.exchange("{}");
  await guest.close();
  return lines[0];
}

describe("what a js guest sees of its surroundings", () => {
  it("is UTC, wherever the user lives", async () => {
    expect(await evaluate("new Date().getTimezoneOffset()")).toBe("0");
  });

  it("is the same clock and the same random numbers in every run", async () => {
    const expression = "[new Date().toISOString().slice(0, 4), Math.random(), Math.random()]";
    expect(await evaluate(expression)).toBe(await evaluate(expression));
    expect(await evaluate(expression)).toMatch(/^2000,/);
  });

  it.each(["process", "require", "fetch", "setTimeout", "WebAssembly", "Buffer", "navigator", "performance"])(
    "has no %s",
    async (name) => {
      expect(await evaluate(`typeof ${name}`)).toBe("undefined");
    },
  );
});
