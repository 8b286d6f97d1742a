#!/usr/bin/env node
// Live applies of 50 resources, while guests, the sandbox host and providers are killed at random moments.
//   npm run chaos -- --rounds 100              with a random seed, on each core
//   npm run chaos -- --rounds 100 --seed 7     the same rounds again; a kill's moment is never quite the same
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "100" }, seed: { type: "string" } } });
for (const [name, value] of Object.entries(values)) {
  if (/^[1-9]\d{0,8}$/.test(value)) continue;
  console.error(`--${name} takes a whole number above 0, not ${JSON.stringify(value)}`);
  process.exit(2);
}
const env = {
  ...process.env,
  AIRLOCK_REQUIRE_LIVE: "1",
  AIRLOCK_CHAOS_ROUNDS: values.rounds,
  ...(values.seed !== undefined && { AIRLOCK_TEST_SEED: values.seed }),
};
const child = spawn("npx", ["vitest", "run", "test/live/chaos"], { env, stdio: "inherit" });
const [code] = await once(child, "close");
process.exitCode = code ?? 1;
