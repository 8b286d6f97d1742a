#!/usr/bin/env node
// Fuzzes what takes bytes of guests, packages, plans, states, core and providers; see test/fuzz/.
//   node test/tools/fuzz.mjs --minutes 10                  all targets, with a random seed
//   node test/tools/fuzz.mjs --target lines --seed 7       one of them, with this seed
// What it finds is printed as source text: it goes into `kept` of its target, and is then tried first in every run.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const loader = await createServer({
  root: join(import.meta.dirname, "../.."),
  configFile: false,
  appType: "custom",
  logLevel: "error",
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
});
try {
  const [first = "", ...rest] = process.argv.slice(2);
  if (first.startsWith("{")) {
    const { fuzzOne } = await loader.ssrLoadModule("/test/fuzz/child.ts");
    await fuzzOne(JSON.parse(first));
  } else {
    const { main } = await loader.ssrLoadModule("/test/fuzz/main.ts");
    process.exitCode = await main([first, ...rest].filter(Boolean), fileURLToPath(import.meta.url));
  }
} finally {
  await loader.close();
  // The parent's end of the channel would keep a child alive.
  if (process.connected) process.disconnect();
}
