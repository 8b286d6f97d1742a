import { expect, it } from "vitest";
import { NO_GRANTS } from "../../../src/protocol/grants.js";
import type { PackageSubject } from "../../../src/package/signature/types.js";
import { verifyPackage } from "../../../src/package/signature/verify-package.js";
import { rejectedCode } from "../../support/codes.js";
import { KEYS, signedBy, SUBJECT, trusting } from "./signing.js";

it.each<[keyof PackageSubject, Partial<PackageSubject>, string]>([
  ["name", { name: "acme/other" }, "SIGNATURE_WRONG_NAME"],
  ["version", { version: "1.0.1" }, "SIGNATURE_WRONG_VERSION"],
  ["kind", { kind: "executable" }, "SIGNATURE_WRONG_KIND"],
  ["platform", { platform: "linux_amd64" }, "SIGNATURE_WRONG_PLATFORM"],
  ["wantedGrants", { wantedGrants: NO_GRANTS }, "SIGNATURE_WRONG_GRANTS"],
  ["digest", { digest: `sha256:${"0".repeat(64)}` }, "SIGNATURE_WRONG_DIGEST"],
])("a valid signature for another %s is refused", async (_what, other, code) => {
  const policy = trusting([KEYS.one]);
  const bundles = [await signedBy(KEYS.one, { ...SUBJECT, ...other })];
  expect(await rejectedCode(verifyPackage({ bundles, subject: SUBJECT, policy }))).toBe(code);
  await expect(verifyPackage({ bundles, subject: { ...SUBJECT, ...other }, policy })).resolves.toHaveLength(1);
});

it("a refusal says what was expected, what was found, and where it came from", async () => {
  const bundles = [await signedBy(KEYS.one, { ...SUBJECT, version: "9.9.9" })];
  const from = "https://registry.example.com/x.sigstore.json";
  const refused = verifyPackage({ bundles, subject: SUBJECT, policy: trusting([KEYS.one]), from });
  await expect(refused).rejects.toThrow(/"1\.0\.0".*"9\.9\.9".*registry\.example\.com/);
});
