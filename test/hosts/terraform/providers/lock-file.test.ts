import fc from "fast-check";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCK_FILE, readLockFile } from "../../../../src/hosts/terraform/providers/lock-file.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { faultOf } from "./faults.js";

const REAL = `# This file is maintained automatically by "tofu init".
# Manual edits may be lost in future updates.

provider "registry.opentofu.org/hashicorp/time" {
  version     = "0.14.2"
  constraints = "~> 0.14"
  hashes = [
    "h1:ZUYcZgSzPQlDyGq0PBIoU4+GWRcAVC7DT8tnZ4mPxIE=",
    "zh:0000000000000000000000000000000000000000000000000000000000000000",
  ]
}

provider "example.com/acme/cloud" {
  version = "1.0.0-beta.2+build.7"
}

module "future" {
}
`;

function read(text: string | Uint8Array) {
  return readLockFile(temporaryFolder({ [LOCK_FILE]: text }));
}

function block(body: string): string {
  return `provider "a.example/b/c" {\n${body}\n}\n`;
}

describe("the lock file", () => {
  it("gives versions and hashes by address", async () => {
    expect([...(await read(REAL))]).toEqual([
      [
        "registry.opentofu.org/hashicorp/time",
        {
          version: "0.14.2",
          hashes: [
            "h1:ZUYcZgSzPQlDyGq0PBIoU4+GWRcAVC7DT8tnZ4mPxIE=",
            "zh:0000000000000000000000000000000000000000000000000000000000000000",
          ],
        },
      ],
      ["example.com/acme/cloud", { version: "1.0.0-beta.2+build.7", hashes: [] }],
    ]);
  });

  it("may be missing or empty", async () => {
    expect((await readLockFile(temporaryFolder())).size).toBe(0);
    expect((await read("")).size).toBe(0);
  });

  it.each([
    ["no HCL", 'provider "a.example/b/c" {'],
    ["an argument at the top", 'version = "1.0.0"'],
    ["an unknown block", 'resource "x" {}'],
    ["a block of two labels", 'provider "a" "b" {}'],
    ["a block without a label", "provider {}"],
    ["a block in a block", block('version = "1.0.0"\nnested {}')],
    ["no version", block("")],
    ["a version that is no string", block("version = 1")],
    ["a version that leads elsewhere", block('version = "1.0.0/../../.."')],
    ["a version that is none", block('version = "latest"')],
    ["a version that must be evaluated", block("version = var.version")],
    ["a template as version", block('version = "${var.version}"')],
    ["an argument twice", block('version = "1.0.0"\nversion = "1.0.0"')],
    ["an unknown argument", block('version = "1.0.0"\nsignature = "x"')],
    ["hashes that are no list", block('version = "1.0.0"\nhashes = "h1:x"')],
    ["an empty list of hashes", block('version = "1.0.0"\nhashes = []')],
    ["a hash that is none", block('version = "1.0.0"\nhashes = ["x"]')],
    ["a hash that is no string", block('version = "1.0.0"\nhashes = [1]')],
    ["a provider twice", block('version = "1.0.0"') + block('version = "1.0.0"')],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0x00)],
  ])("with %s is refused", async (_, text) => {
    expect(await rejectedCode(read(text))).toBe("PROVIDER_LOCK_INVALID");
  });

  it("is named with the place of its fault", async () => {
    const fault = await faultOf(read('\nprovider "a.example/b/c" {\n  version = "new"\n}\n'));
    expect(fault.location).toMatchObject({ line: 3, column: 13, text: '  version = "new"' });
    expect(fault.remedy).toContain("airlock init");
  });

  it("may have 1 MiB and no more", async () => {
    const size = 1024 * 1024;
    expect((await read(`#${" ".repeat(size - 2)}\n`)).size).toBe(0);
    expect(await rejectedCode(read(`#${" ".repeat(size - 1)}\n`))).toBe("PROVIDER_LOCK_INVALID");
  });

  it("is refused when it is a folder", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, LOCK_FILE));
    expect(await rejectedCode(readLockFile(root))).toBe("PROVIDER_LOCK_INVALID");
  });

  it("gives locks or its own error for any text", async () => {
    const root = temporaryFolder();
    const piece = fc.constantFrom(
      'provider "a/b/c" {',
      "}",
      "\n",
      'version = "1.0.0"',
      "hashes = [",
      "]",
      '"h1:x"',
      ",",
      "${",
      "#",
      '"',
      "<<E\n",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((all) => all.join(" ")),
        ),
        async (text) => {
          writeFileSync(join(root, LOCK_FILE), text);
          await readLockFile(root).then(
            (locks) => {
              for (const { version } of locks.values()) expect(version).toBe("1.0.0");
            },
            (error: unknown) => {
              expect(error).toHaveProperty("code", "PROVIDER_LOCK_INVALID");
            },
          );
        },
      ),
    );
  });
});
