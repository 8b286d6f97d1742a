import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { concerns } from "../../src/install/compare.js";
import type { LockedIntegration } from "../../src/install/lock/lock.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";
import { InstallError } from "../../src/install/install-error.js";
import { rejectedCode } from "../support/codes.js";
import { scene, SOURCE, unsigned } from "./place.js";

const GRANTS = { wanted_grants: { hosts: ["api.example.com:443"] } };

describe("an upgrade that changes what the user agreed to", () => {
  it("stops with what changes, and goes on when it is approved", async () => {
    const { init, origin, locked } = scene([{ version: "1.0.0" }], unsigned());
    await init();
    origin.published = [{ version: "1.0.0" }, { version: "1.1.0", manifest: GRANTS }];
    const refused = await init({ upgrade: "all" }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InstallError);
    expect(refused).toMatchObject({
      code: "INSTALL_NOT_APPROVED",
      message: expect.stringContaining('+ wants hosts "api.example.com:443"') as string,
    });
    expect(await locked()).toBe("1.0.0");
    await init({ upgrade: "all", approved: new Set(["sample"]) });
    expect(await locked()).toBe("1.1.0");
  });

  it("asks where there is somebody to ask", async () => {
    const { init, origin, locked } = scene([{ version: "1.0.0" }], unsigned());
    await init();
    origin.published = [{ version: "1.1.0", manifest: GRANTS }];
    const asked: string[] = [];
    const answer = (yes: boolean) => (question: string) => {
      asked.push(question);
      return Promise.resolve(yes);
    };
    expect(await rejectedCode(init({ upgrade: "all", ask: answer(false) }))).toBe("INSTALL_NOT_APPROVED");
    await init({ upgrade: "all", ask: answer(true) });
    expect(asked[0]).toContain(`${SOURCE} 1.0.0 -> 1.1.0`);
    expect(await locked()).toBe("1.1.0");
  });

  it("goes on without a question where it wants less, or the same", async () => {
    const { init, origin, locked } = scene([{ version: "1.0.0", manifest: GRANTS }], unsigned());
    await init();
    origin.published = [{ version: "1.1.0" }];
    await init({ upgrade: "all" });
    expect(await locked()).toBe("1.1.0");
  });

  it("is one where its signers are others", async () => {
    const { init, origin, root, declare } = scene([{ version: "1.0.0", signedBy: ["one"] }], "");
    writeFileSync(join(root, "acme.pub"), publicKey());
    declare(
      `integration "sample" { source = "${SOURCE}" }\ntrust "registry.example.com/acme/*" { keys = ["acme.pub"] }`,
    );
    await init();
    origin.published = [{ version: "1.1.0", signedBy: ["two"] }];
    await expect(init({ upgrade: "all" })).rejects.toMatchObject({
      code: "INSTALL_NOT_APPROVED",
      message: expect.stringMatching(/- signed by key sha256:.*\n.*\+ signed by key sha256:/) as string,
    });
  });
});

describe("what is told of a change", () => {
  const before: LockedIntegration = {
    ...{ source: SOURCE, package: "acme/sample", version: "1.0.0", constraints: null, kind: "js" },
    ...{ digests: new Map(), signers: [], wantedGrants: NO_GRANTS, granted: new Map() },
  };

  it.each<[string, Partial<LockedIntegration>, readonly string[]]>([
    ["another kind", { kind: "executable" }, ["- kind js", "+ kind executable"]],
    ["another package", { package: "evil/sample" }, ["- package acme/sample", "+ package evil/sample"]],
    ["a signer more", { signers: [{ type: "key", id: "sha256:1" }] }, ["+ signed by key sha256:1"]],
    ["grants more", { wantedGrants: { ...NO_GRANTS, clock: true, env: ["A"] } }, ['+ wants env "A"', "+ wants clock"]],
    ["another version alone", { version: "1.1.0", digests: new Map([["any", "sha256:2"]]) }, []],
  ])("is %s", (_what, change, expected) => {
    expect(concerns(before, { ...before, ...change })).toEqual(expected);
  });

  it("is the loss of its signature", () => {
    const signed: LockedIntegration = { ...before, signers: [{ type: "key", id: "sha256:1" }] };
    expect(concerns(signed, before)).toEqual(["- signed by key sha256:1", "+ signed by nobody"]);
  });
});

describe("who may sign", () => {
  it("must be said: by a trust block, or by unsigned = true", async () => {
    const { init, declare, origin } = scene(
      [{ version: "1.0.0", signedBy: ["one"] }],
      `integration "sample" { source = "${SOURCE}" }`,
    );
    expect(await rejectedCode(init())).toBe("INSTALL_UNTRUSTED");
    origin.published = [{ version: "1.0.0" }];
    expect(await rejectedCode(init())).toBe("INSTALL_UNSIGNED");
    declare(unsigned());
    await init();
  });

  it("a key that is no public key in a file is refused by name", async () => {
    const { init, root, declare } = scene([{ version: "1.0.0", signedBy: ["one"] }], "");
    declare(`integration "sample" { source = "${SOURCE}" }\ntrust "${SOURCE}" { keys = ["acme.pub"] }`);
    expect(await rejectedCode(init())).toBe("SIGNATURE_KEY_UNREADABLE");
    writeFileSync(join(root, "acme.pub"), "no key");
    expect(await rejectedCode(init())).toBe("SIGNATURE_KEY_MALFORMED");
  });
});

function publicKey(): string {
  const { publicKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return key.export({ type: "spki", format: "pem" }).toString();
}
