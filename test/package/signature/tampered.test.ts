import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readArchive } from "../../../src/package/archive/read.js";
import { PackageError } from "../../../src/package/package-error.js";
import { signPackage } from "../../../src/package/signature/sign-package.js";
import { SignatureError } from "../../../src/package/signature/signature-error.js";
import { subjectOf } from "../../../src/package/signature/subject.js";
import type { TrustPolicy } from "../../../src/package/signature/types.js";
import { verifyPackage } from "../../../src/package/signature/verify-package.js";
import { archiveOf, MANIFEST, packageFiles } from "../archive/archives.js";
import { useFolder } from "../folder.js";
import { ISSUER, KEYS, signedBy, SUBJECT, tokenOf, trusting, useInstance } from "./signing.js";

const FLIPS = 500;
const { at } = useFolder();
const instance = useInstance();

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  const bit = place % (bytes.length * 8);
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** Tries one flipped bit after the other; each must end in a named refusal. */
async function expectRefusals(bytes: Uint8Array, use: (bytes: Uint8Array) => Promise<unknown>): Promise<void> {
  await use(bytes);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (place) => {
      const error = await use(flipped(bytes, place)).then(
        () => {
          const around = Buffer.from(bytes)
            .toString()
            .slice((place >> 3) - 60, (place >> 3) + 20);
          return new Error(`bit ${place} was not missed, in ${around}`);
        },
        (reason: unknown) => reason,
      );
      if (!(error instanceof SignatureError) && !(error instanceof PackageError)) throw error;
    }),
    { numRuns: FLIPS },
  );
}

describe("one flipped bit is refused, wherever it is", () => {
  it("in the archive", async () => {
    const archive = archiveOf(packageFiles());
    const bundles = [await signedBy(KEYS.one, subjectOf(readArchive(archive)))];
    await expectRefusals(archive, (bytes) =>
      Promise.resolve().then(() =>
        verifyPackage({ bundles, subject: subjectOf(readArchive(bytes)), policy: trusting([KEYS.one]) }),
      ),
    );
  });

  it("in the manifest, packed again without its signer", async () => {
    const bundles = [await signedBy(KEYS.one, subjectOf(readArchive(archiveOf(packageFiles()))))];
    const [, main] = packageFiles();
    await expectRefusals(Buffer.from(JSON.stringify(MANIFEST)), (bytes) =>
      Promise.resolve().then(() => {
        const files = [
          { path: "integration.json", mode: 0o644 as const, bytes },
          ...(main === undefined ? [] : [main]),
        ];
        return verifyPackage({
          bundles,
          subject: subjectOf(readArchive(archiveOf(files))),
          policy: trusting([KEYS.one]),
        });
      }),
    );
  });

  it("in a bundle signed by a key", async () => {
    await expectRefusals(await signedBy(KEYS.one), (bytes) =>
      verifyPackage({ bundles: [bytes], subject: SUBJECT, policy: trusting([KEYS.one]) }),
    );
  });

  // A timestamp's container has fields that nobody signs and nobody reads; docs/packages.md says so.
  it.each(["required", "none"] as const)("in a keyless bundle; log %s", async (transparency) => {
    const { services, trustedRoot } = instance();
    writeFileSync(at("root.json"), JSON.stringify(trustedRoot));
    const identities = [{ issuer: ISSUER, subject: "https://ci.example.com/release" }];
    const policy: TrustPolicy = { identities, keys: [], threshold: 1, transparency, trustedRoot: at("root.json") };
    const token = tokenOf("https://ci.example.com/release");
    await expectRefusals(await signPackage(SUBJECT, { type: "identity", token, services }), (bytes) =>
      verifyPackage({ bundles: [bytes], subject: SUBJECT, policy }),
    );
  });
});

it("a package with log entry and timestamp is verified", async () => {
  const { services, trustedRoot, url } = instance();
  writeFileSync(at("root.json"), JSON.stringify(trustedRoot));
  const identities = [{ issuer: ISSUER, subject: "https://ci.example.com/release" }];
  const token = tokenOf("https://ci.example.com/release");
  const bundles = [await signPackage(SUBJECT, { type: "identity", token, services: { ...services, timestamps: url } })];
  const policy: TrustPolicy = {
    ...{ identities, keys: [], threshold: 1, transparency: "required" },
    trustedRoot: at("root.json"),
  };
  await expect(verifyPackage({ bundles, subject: SUBJECT, policy })).resolves.toHaveLength(1);
});
