import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { signPackage } from "../../../src/package/signature/sign-package.js";
import type { SigningServices } from "../../../src/package/signature/sign-package.js";
import type { TrustPolicy } from "../../../src/package/signature/types.js";
import { verifyPackage } from "../../../src/package/signature/verify-package.js";
import { rejectedCode } from "../../support/codes.js";
import { useFolder } from "../folder.js";
import { ISSUER, KEYS, SUBJECT, startInstance, tokenOf, trusting, useInstance } from "./signing.js";

const WHO = "https://github.com/acme/tags/.github/workflows/release.yml@refs/tags/v1.0.0";
const { at } = useFolder();
const instance = useInstance();

function policy(changes: Partial<TrustPolicy> = {}, root: object = instance().trustedRoot): TrustPolicy {
  writeFileSync(at("root.json"), JSON.stringify(root));
  const identities = [{ issuer: ISSUER, subject: WHO }];
  return { identities, keys: [], threshold: 1, transparency: "required", trustedRoot: at("root.json"), ...changes };
}

function sign(services: SigningServices = instance().services, claims = {}): Promise<Uint8Array> {
  return signPackage(SUBJECT, { type: "identity", token: tokenOf(WHO, claims), services });
}

async function codeOf(bundle: Uint8Array, by: TrustPolicy, now?: number): Promise<string> {
  return rejectedCode(verifyPackage({ bundles: [bundle], subject: SUBJECT, policy: by, now }));
}

describe("a package signed by an identity", () => {
  it("is verified by issuer and subject, exactly or by a pattern", async () => {
    const bundles = [await sign()];
    const signer = { type: "identity", issuer: ISSUER, subject: WHO };
    expect(await verifyPackage({ bundles, subject: SUBJECT, policy: policy() })).toEqual([signer]);
    const identities = [{ issuer: ISSUER, subjectPattern: "https://github.com/acme/*@refs/tags/v*" }];
    expect(await verifyPackage({ bundles, subject: SUBJECT, policy: policy({ identities }) })).toEqual([signer]);
  });

  it.each([
    { issuer: ISSUER, subject: "https://github.com/acme/other" },
    { issuer: "https://evil.example.com", subject: WHO },
    { issuer: ISSUER, subject: WHO.slice(0, -1) },
    { issuer: ISSUER, subject: ".*" },
    { issuer: ISSUER, subjectPattern: "github.com/acme/*" },
    { issuer: ISSUER, subjectPattern: "https://github.com/acme/*@refs/heads/*" },
  ])("is refused when another is expected: %o", async (identity) => {
    expect(await codeOf(await sign(), policy({ identities: [identity] }))).toBe("SIGNATURE_WRONG_IDENTITY");
  });

  it("is refused when a key is expected, and the other way round", async () => {
    const { identities, keys } = { identities: [], keys: [KEYS.one] };
    expect(await codeOf(await sign(), policy({ identities, keys }))).toBe("SIGNATURE_WRONG_IDENTITY");
    const byKey = await signPackage(SUBJECT, { type: "key", privateKey: KEYS.one.privateKey });
    expect(await codeOf(byKey, policy({ transparency: "none" }))).toBe("SIGNATURE_WRONG_KEY");
  });

  it("is refused when another instance vouches for it", async () => {
    const other = await startInstance();
    try {
      expect(await codeOf(await sign(other.services), policy())).toMatch(/^SIGNATURE_(?:UNTRUSTED|TRANSPARENCY)$/);
      const mixed = { ...instance().trustedRoot, certificateAuthorities: other.trustedRoot.certificateAuthorities };
      expect(await codeOf(await sign(), policy({}, mixed))).toBe("SIGNATURE_UNTRUSTED");
      const otherLog = { ...instance().trustedRoot, tlogs: other.trustedRoot.tlogs };
      expect(await codeOf(await sign(), policy({}, otherLog))).toBe("SIGNATURE_TRANSPARENCY");
    } finally {
      other.close();
    }
  });

  it("is refused when its certificate was over its time", async () => {
    const late = await startInstance(new Date(Date.now() - 60 * 60 * 1_000));
    try {
      const { certificateAuthorities, ctlogs } = late.trustedRoot;
      const services = { fulcio: late.url, rekor: instance().url };
      const root = { ...instance().trustedRoot, certificateAuthorities, ctlogs };
      expect(await codeOf(await sign(services), policy({}, root))).toBe("SIGNATURE_EXPIRED");
    } finally {
      late.close();
    }
  });

  it("is refused when this machine's clock is years behind, and taken when it is years ahead", async () => {
    const bundle = await sign();
    const year = 365 * 24 * 60 * 60 * 1_000;
    expect(await codeOf(bundle, policy(), Date.now() - 3 * year)).toBe("SIGNATURE_TIMESTAMP");
    const now = Date.now() + 3 * year;
    await expect(verifyPackage({ bundles: [bundle], subject: SUBJECT, policy: policy(), now })).resolves.toHaveLength(
      1,
    );
  });

  it("makes two signers with a key, whose signature may stand in the log, too", async () => {
    const { services } = instance();
    const byKey = await signPackage(SUBJECT, {
      type: "key",
      privateKey: KEYS.one.privateKey,
      services: { rekor: services.rekor },
    });
    const both = policy({ keys: [KEYS.one], threshold: 2 });
    await expect(
      verifyPackage({ bundles: [await sign(), byKey], subject: SUBJECT, policy: both }),
    ).resolves.toHaveLength(2);
    expect(await codeOf(byKey, trusting([KEYS.one], { trustedRoot: at("none.json") }))).toBe("SIGNATURE_TRUSTED_ROOT");
  });
});

describe("an identity token", () => {
  it.each(["", "x", "a.b.c", tokenOf("x", { exp: 1 }), `${tokenOf("x")}.y`])(
    "that cannot be used is not sent: %j",
    async (token) => {
      const { services, requests } = instance();
      const before = requests.length;
      const signed = signPackage(SUBJECT, { type: "identity", token, services });
      expect(await rejectedCode(signed)).toBe("SIGNATURE_TOKEN");
      if (token !== "")
        await signed.catch((error: unknown) => {
          expect(JSON.stringify(error)).not.toContain(token);
        });
      expect(requests).toHaveLength(before);
    },
  );

  it("ends in SIGNATURE_SERVICE when the services refuse it", async () => {
    const services = { fulcio: `${instance().url}/nowhere`, rekor: instance().url };
    expect(await rejectedCode(sign(services))).toBe("SIGNATURE_SERVICE");
  });
});

describe("a trusted root", () => {
  it.each(["", "{}", "[]", '{"mediaType":"x"}', "\u0000"])("that is none is refused: %j", async (text) => {
    const bundle = await sign();
    const by = policy();
    writeFileSync(at("root.json"), text);
    expect(await codeOf(bundle, by)).toBe("SIGNATURE_TRUSTED_ROOT");
  });
});
