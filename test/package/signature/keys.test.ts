import { describe, expect, it } from "vitest";
import { generateKeys, KEY_TYPES, readPrivateKey, readPublicKey } from "../../../src/package/signature/keys.js";
import { parsePackageBundle } from "../../../src/package/signature/parse-bundle.js";
import { signPackage } from "../../../src/package/signature/sign-package.js";
import { verifyPackage } from "../../../src/package/signature/verify-package.js";
import { rejectedCode, thrownCode } from "../../support/codes.js";
import { KEYS, signedBy, SUBJECT, trusting } from "./signing.js";

const { one, two, three } = KEYS;

describe.each(KEY_TYPES)("a package signed by a key of type %s", (type) => {
  const keys = generateKeys(type);

  it("is verified by it, and by no other key", async () => {
    const bundles = [await signedBy(keys)];
    expect(await verifyPackage({ bundles, subject: SUBJECT, policy: trusting([one, keys]) })).toEqual([
      { type: "key", id: keys.id },
    ]);
    expect(await rejectedCode(verifyPackage({ bundles, subject: SUBJECT, policy: trusting([one, two]) }))).toBe(
      "SIGNATURE_WRONG_KEY",
    );
  });

  it("has a bundle of version 0.3 with the id of the key", async () => {
    const bundle = parsePackageBundle(await signedBy(keys));
    expect(bundle.mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json");
    expect(bundle.verificationMaterial.content).toMatchObject({ $case: "publicKey", publicKey: { hint: keys.id } });
  });
});

describe("a private key", () => {
  it("is opened by its passphrase alone", async () => {
    const keys = generateKeys("ecdsa-p256", "open sesame");
    expect(keys.privateKey).toContain("ENCRYPTED");
    expect(thrownCode(() => readPrivateKey(keys.privateKey))).toBe("SIGNATURE_KEY_PASSPHRASE");
    expect(thrownCode(() => readPrivateKey(keys.privateKey, "wrong"))).toBe("SIGNATURE_KEY_PASSPHRASE");
    const { privateKey } = keys;
    const bundles = [await signPackage(SUBJECT, { type: "key", privateKey, passphrase: "open sesame" })];
    await expect(verifyPackage({ bundles, subject: SUBJECT, policy: trusting([keys]) })).resolves.toHaveLength(1);
  });

  it("is not taken for a public one, and what is no key for neither", () => {
    expect(thrownCode(() => readPublicKey(one.privateKey, "x"))).toBe("SIGNATURE_KEY_MALFORMED");
    expect(thrownCode(() => readPublicKey("hello", "x"))).toBe("SIGNATURE_KEY_MALFORMED");
    expect(thrownCode(() => readPrivateKey("hello"))).toBe("SIGNATURE_KEY_MALFORMED");
    expect(thrownCode(() => readPrivateKey(one.publicKey))).toBe("SIGNATURE_KEY_MALFORMED");
  });
});

describe("several signers", () => {
  const of = (count: number, bundles: readonly Uint8Array[]) =>
    verifyPackage({ bundles, subject: SUBJECT, policy: trusting([one, two, three], { threshold: count }) });

  it("are counted once each", async () => {
    const [first, second] = await Promise.all([signedBy(one), signedBy(two)]);
    expect(await of(2, [first, second])).toHaveLength(2);
    expect(await rejectedCode(of(3, [first, second]))).toBe("SIGNATURE_THRESHOLD");
    expect(await rejectedCode(of(2, [first, first, await signedBy(one)]))).toBe("SIGNATURE_THRESHOLD");
  });

  it("are enough when others are refused beside them", async () => {
    const stranger = await signedBy(generateKeys("ed25519"));
    expect(await of(1, [stranger, Buffer.from("{}"), await signedBy(one)])).toEqual([{ type: "key", id: one.id }]);
    expect(await rejectedCode(of(2, [stranger, await signedBy(one)]))).toBe("SIGNATURE_THRESHOLD");
  });
});

describe("a policy", () => {
  it.each([
    [{ keys: [] }],
    [{ threshold: 0 }],
    [{ threshold: 1.5 }],
    [{ threshold: 2 }],
    [{ keys: [{ id: "sha256:00", publicKey: one.publicKey }] }],
    [{ identities: [{ issuer: "https://a" }] }],
    [{ identities: [{ issuer: "https://a", subject: "b", subjectPattern: "*" }] }],
    [{ identities: [{ issuer: "", subject: "b" }] }],
  ])("that cannot be right is refused: %o", async (changes) => {
    const bundles = [await signedBy(one)];
    expect(await rejectedCode(verifyPackage({ bundles, subject: SUBJECT, policy: trusting([one], changes) }))).toBe(
      "SIGNATURE_POLICY",
    );
  });

  it("needs a signature, and one in a log when it says so", async () => {
    expect(await rejectedCode(verifyPackage({ bundles: [], subject: SUBJECT, policy: trusting([one]) }))).toBe(
      "SIGNATURE_MISSING",
    );
    const policy = trusting([one], { transparency: "required" });
    expect(await rejectedCode(verifyPackage({ bundles: [await signedBy(one)], subject: SUBJECT, policy }))).toBe(
      "SIGNATURE_TRANSPARENCY",
    );
  });
});
