import { describe, it } from "vitest";
import { cores, builtTool, LIVE_IS_REQUIRED, PROVIDERS, ToolsMissing, type Core } from "./tools.js";

/** Core starts processes and writes files: what takes a second alone takes longer beside other tests. */
const TEST_MS = 120_000;

/**
 * `describe` for tests on a real core, once for each core. Builds what is missing first, so a test file says
 * `await describeLive("…", (core) => { … })` at its top. Where live tests cannot run, it says so on stderr and skips;
 * with `AIRLOCK_REQUIRE_LIVE=1` or `CI` it fails.
 */
export async function describeLive(title: string, body: (core: Core) => void): Promise<void> {
  const reason = await missing();
  if (reason !== null) {
    if (LIVE_IS_REQUIRED) throw new Error(`live tests are required but cannot run: ${reason}`);
    process.stderr.write(`SKIPPED live tests of ${title}: ${reason}\n`);
    describe.skip(title, () => {
      it("runs on a real core", () => undefined);
    });
    return;
  }
  for (const core of await cores()) {
    describe(`${title} (${core.name} ${core.version})`, { timeout: TEST_MS }, () => {
      body(core);
    });
  }
}

async function missing(): Promise<string | null> {
  try {
    for (const provider of PROVIDERS) await builtTool(provider);
  } catch (error) {
    if (error instanceof ToolsMissing) return `${error.message}; install Go 1.21 or newer (https://go.dev/dl)`;
    throw error;
  }
  return (await cores()).length === 0 ? "neither tofu nor terraform was found or built" : null;
}
