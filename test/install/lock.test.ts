import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOCK_FILE } from "../../src/install/lock/lock.js";
import type { LockedIntegration } from "../../src/install/lock/lock.js";
import { lockText } from "../../src/install/lock/lock-text.js";
import { readLock } from "../../src/install/lock/read-lock.js";
import { writeLock } from "../../src/install/lock/write-lock.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";
import { rejectedCode } from "../support/codes.js";
import { folder } from "../declare/folder.js";

const DIGEST = `sha256:${"0a".repeat(32)}`;
const PINNED: LockedIntegration = {
  source: "registry.example.com/acme/sample",
  package: "acme/sample",
  version: "1.2.0",
  constraints: "~> 1.0",
  kind: "executable",
  digests: new Map([
    ["darwin_arm64", DIGEST],
    ["linux_amd64", DIGEST],
  ]),
  signers: [
    { type: "identity", issuer: "https://issuer.example.com", subject: "ci@example.com" },
    { type: "key", id: DIGEST },
  ],
  wantedGrants: { ...NO_GRANTS, hosts: ["api.example.com:443"], clock: true },
  granted: new Map([
    ["aws.eu/sample", NO_GRANTS],
    ["sample", { ...NO_GRANTS, env: ["TOKEN"] }],
  ]),
};
const TEXT = lockText(new Map([[PINNED.source, PINNED]]));

describe("the lock", () => {
  it("comes back as it was written", async () => {
    const directory = await folder({ [LOCK_FILE]: TEXT });
    expect(await readLock(directory)).toEqual(new Map([[PINNED.source, PINNED]]));
  });

  it("holds any text of a source or signer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), async (text) => {
        const one = { ...PINNED, source: text, signers: [{ type: "identity" as const, issuer: text, subject: text }] };
        const directory = await folder({ [LOCK_FILE]: lockText(new Map([[text, one]])) });
        expect(await readLock(directory)).toEqual(new Map([[text, one]]));
      }),
      { numRuns: 30 },
    );
  });

  it("is none where there is no file", async () => {
    expect(await readLock(await folder({}))).toBeNull();
  });

  it.each([
    ["a merge that nobody finished", TEXT.replace("  version", "<<<<<<< HEAD\n  version"), "LOCK_CONFLICT"],
    ["text that is no HCL", "integration {", "LOCK_SYNTAX"],
    ["an expression", TEXT.replace('"1.2.0"', "var.version"), "LOCK_SYNTAX"],
    ["bytes that are no UTF-8", Buffer.from([0xff, 0xfe]), "LOCK_SYNTAX"],
    ["another block", 'provider "x" {}', "LOCK_INVALID"],
    ["an unknown argument", TEXT.replace("  kind", "  kinds"), "LOCK_INVALID"],
    ["an argument that is missing", TEXT.replace(/ {2}version.*\n/, ""), "LOCK_INVALID"],
    ["a malformed digest", TEXT.replaceAll("sha256:0a", "sha256:0A"), "LOCK_INVALID"],
    ["a malformed version", TEXT.replace('"1.2.0"', '"1.2"'), "LOCK_INVALID"],
    ["malformed constraints", TEXT.replace('"~> 1.0"', '"^1.0"'), "LOCK_INVALID"],
    ["one source twice", `${TEXT}\n${TEXT}`, "LOCK_INVALID"],
    ["a grant that there is not", TEXT.replace("clock = true", "network = true"), "LOCK_INVALID"],
    ["more than any lock holds", " ".repeat(1024 * 1024 + 1), "LOCK_UNREADABLE"],
  ])("is refused with %s", async (_what, text, code) => {
    expect(await rejectedCode(readLock(await folder({ [LOCK_FILE]: text })))).toBe(code);
  });

  it("is written whole, and only when it changes", async () => {
    const directory = await folder({});
    const lock = new Map([[PINNED.source, PINNED]]);
    expect(await writeLock(directory, lock)).toBe(true);
    expect(await writeLock(directory, lock)).toBe(false);
    expect(readdirSync(directory)).toEqual([LOCK_FILE]);
    expect(readFileSync(join(directory, LOCK_FILE), "utf8")).toBe(TEXT);
  });

  it.skipIf(process.getuid?.() === 0)("in a folder that cannot be written stays as it was", async () => {
    const directory = await folder({ [LOCK_FILE]: TEXT });
    chmodSync(directory, 0o555);
    const changed = new Map([[PINNED.source, { ...PINNED, version: "1.3.0" }]]);
    expect(await rejectedCode(writeLock(directory, changed))).toBe("LOCK_UNWRITABLE");
    chmodSync(directory, 0o755);
    expect(readFileSync(join(directory, LOCK_FILE), "utf8")).toBe(TEXT);
  });

  it("that is a folder cannot be written, nor read", async () => {
    const directory = await folder({});
    const { mkdirSync } = await import("node:fs");
    mkdirSync(join(directory, LOCK_FILE));
    expect(await rejectedCode(readLock(directory))).toBe("LOCK_UNREADABLE");
    expect(await rejectedCode(writeLock(directory, new Map([[PINNED.source, PINNED]])))).toBe("LOCK_UNWRITABLE");
    writeFileSync(join(directory, "other"), "");
  });
});
