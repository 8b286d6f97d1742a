import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "integrations/*/test/*.test.ts", "guest-sdk/*/test/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    coverage: { include: ["src/**/*.ts", "runtimes/**/*.ts"], reporter: ["text-summary", "json-summary"] },
  },
});
