import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDeclarations } from "../../src/declare/read.js";
import { checkLock } from "../../src/install/check-lock.js";
import { LOCK_FILE } from "../../src/install/lock/lock.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import { rejectedCode } from "../support/codes.js";
import { scene, unsigned } from "./place.js";
import type { Scene } from "./place.js";

/** Starts what is declared; rejects before anything runs where it is not what the lock pins. */
async function start({ root, environment }: Scene) {
  const declared = await readDeclarations(root);
  await checkLock(declared, root);
  const notices: string[] = [];
  await using runtime = createRuntime({
    integrations: declared.declarations,
    environment,
    observer: ({ type }) => notices.push(type),
  });
  await runtime.start();
  return { report: runtime.report(), notices };
}

function edit({ root }: Scene, change: (text: string) => string): void {
  const path = join(root, LOCK_FILE);
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

async function installed(declaration = unsigned()): Promise<Scene> {
  const one = scene([{ version: "1.0.0" }], declaration);
  await one.init();
  one.origin.asked = [];
  return one;
}

describe("a run with an integration from elsewhere", () => {
  it("finds it by lock and cache, without a request", async () => {
    const one = await installed();
    const { report } = await start(one);
    expect(report).toMatchObject([{ name: "sample", kind: "js", source: "registry.example.com/acme/sample" }]);
    expect(one.origin.asked).toEqual([]);
  });

  it.each<[string, string, (one: Scene) => void]>([
    [
      "nothing is installed",
      "INSTALL_NOT_LOCKED",
      ({ root }) => {
        writeFileSync(join(root, LOCK_FILE), "");
      },
    ],
    [
      "the declaration allows another version",
      "INSTALL_CONSTRAINTS",
      ({ declare }) => {
        declare(unsigned("~> 2.0"));
      },
    ],
    [
      "the declaration grants more",
      "INSTALL_GRANTS",
      ({ declare }) => {
        declare(unsigned(undefined, 'grants = { env = ["HOME"] }'));
      },
    ],
    [
      "unsigned packages are allowed no more",
      "INSTALL_UNSIGNED",
      ({ declare }) => {
        declare(unsigned().replace("unsigned = true", ""));
      },
    ],
    [
      "another declaration uses the same source",
      "INSTALL_NOT_LOCKED",
      ({ declare }) => {
        declare(unsigned() + unsigned().replace('"sample"', '"other"'));
      },
    ],
    [
      "the lock has another digest",
      "INSTALL_NOT_CACHED",
      (one) => {
        edit(one, (text) => text.replace(/sha256:..../, "sha256:0000"));
      },
    ],
    [
      "the lock has another version",
      "INSTALL_MISMATCH",
      (one) => {
        edit(one, (text) => text.replace('"1.0.0"', '"1.0.1"'));
      },
    ],
    [
      "the lock has another kind",
      "INSTALL_MISMATCH",
      (one) => {
        edit(one, (text) => text.replace('"js"', '"wasm"'));
      },
    ],
    [
      "the lock is for other platforms",
      "INSTALL_PLATFORM",
      (one) => {
        edit(one, (text) => text.replace('"any"', '"plan9_mips"'));
      },
    ],
    [
      "the cache is empty",
      "INSTALL_NOT_CACHED",
      (one) => {
        Object.assign(one.environment, { AIRLOCK_CACHE_DIR: join(one.root, "nothing") });
      },
    ],
    [
      "a file of the cache has changed",
      "CACHE_CORRUPT",
      ({ environment }) => {
        tamper(environment["AIRLOCK_CACHE_DIR"] ?? "");
      },
    ],
  ])("is refused before anything starts where %s: %s", async (_what, code, change) => {
    const one = await installed();
    change(one);
    expect(await rejectedCode(start(one))).toBe(code);
    expect(one.origin.asked).toEqual([]);
  });

  it("runs again after init", async () => {
    const one = await installed();
    one.declare(unsigned(undefined, 'grants = { env = ["HOME"] }'));
    await one.init();
    await start(one);
  });
});

/** Changes every main.js below a folder. */
function tamper(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      chmodSync(path, 0o755);
      tamper(path);
    } else if (name === "main.js") {
      chmodSync(path, 0o644);
      writeFileSync(path, "export { };");
    }
  }
}
