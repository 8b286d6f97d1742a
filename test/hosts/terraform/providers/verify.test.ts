import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateProviders } from "../../../../src/hosts/terraform/providers/locate.js";
import type { PackagedProvider } from "../../../../src/hosts/terraform/providers/locate.js";
import { programState } from "../../../../src/hosts/terraform/providers/unchanged.js";
import { ProviderVerifier } from "../../../../src/hosts/terraform/providers/verify.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { faultOf } from "./faults.js";
import { installed, PROVIDER, SOURCE, VERSION } from "./packages.js";

async function located(root: string): Promise<PackagedProvider> {
  const [provider] = await locateProviders({ root, dataDir: ".terraform", core: "tofu", env: { HOME: root } });
  if (provider === undefined || provider.kind === "reattached") return expect.fail("it is not there");
  return provider;
}

describe("verification", () => {
  it("allows the package that the lock file has", async () => {
    const { root, digest, path } = await installed();
    const verified = await new ProviderVerifier().verify(await located(root));
    expect(verified.digest).toBe(digest);
    expect(verified.state).toBe(await programState(path));
  });

  it("allows it through a link into a plug-in cache", async () => {
    const { root, digest, packageDir } = await installed();
    const cache = join(temporaryFolder(), "package");
    renameSync(packageDir, cache);
    symlinkSync(cache, packageDir);
    expect((await new ProviderVerifier().verify(await located(root))).digest).toBe(digest);
  });

  it.each([
    [
      "one byte of the program",
      (_: string, path: string) => {
        writeFileSync(path, PROVIDER.replace("exit", "quit"));
      },
    ],
    [
      "a further file",
      (at: string) => {
        writeFileSync(join(at, "library.so"), "");
      },
    ],
    [
      "a missing file",
      (at: string) => {
        rmSync(join(at, "LICENSE"));
      },
    ],
    [
      "a file's name",
      (at: string) => {
        renameSync(join(at, "LICENSE"), join(at, "LICENCE"));
      },
    ],
  ])("refuses %s", async (_, tamper) => {
    const { root, digest, packageDir, path } = await installed();
    const provider = await located(root);
    tamper(packageDir, path);
    const fault = await faultOf(new ProviderVerifier().verify(provider));
    expect(fault.code).toBe("PROVIDER_LOCK_MISMATCH");
    expect(fault.message).toContain(SOURCE);
    expect(fault.message).toContain(packageDir);
    expect(fault.message).toContain(digest);
    expect(fault.message).toMatch(/its hash is h1:[A-Za-z0-9+/]{43}=/);
    expect(fault.remedy).toContain("airlock init");
  });

  it("refuses every package where the lock file has hashes of archives alone, as core does", async () => {
    const { root } = await installed(PROVIDER, () => `version = "${VERSION}"\nhashes = ["zh:00"]`);
    expect(await rejectedCode(new ProviderVerifier().verify(await located(root)))).toBe("PROVIDER_LOCK_MISMATCH");
  });

  it.each([
    ["no hashes", ""],
    ["hashes of a later scheme alone", 'hashes = ["h9:x"]'],
  ])("checks nothing where the lock file has %s, as core does", async (_, hashes) => {
    const { root } = await installed(PROVIDER, () => `version = "${VERSION}"\n${hashes}`);
    expect(await new ProviderVerifier().verify(await located(root))).toEqual({ digest: null, state: null });
  });

  it("checks no override", async () => {
    const { root } = await installed();
    const override: PackagedProvider = {
      ...(await located(root)),
      kind: "dev-override",
      version: null,
      lock: undefined,
    };
    expect(await new ProviderVerifier().verify(override)).toEqual({ digest: null, state: null });
  });

  it("says what cannot be read", async () => {
    const { root, packageDir } = await installed();
    const provider = await located(root);
    symlinkSync("/", join(packageDir, "loop"));
    expect(await rejectedCode(new ProviderVerifier().verify(provider))).toBe("PROVIDER_UNREADABLE");
    rmSync(packageDir, { recursive: true });
    expect(await rejectedCode(new ProviderVerifier().verify(provider))).toBe("PROVIDER_UNREADABLE");
  });

  it("hashes once a run", async () => {
    const { root } = await installed();
    const provider = await located(root);
    const verifier = new ProviderVerifier();
    const [first, second] = await Promise.all([verifier.verify(provider), verifier.verify(provider)]);
    expect(second.state).toBe(first.state);
    expect((await verifier.verify(provider)).state).toBe(first.state);
  });

  it("hashes again what is not as it was, even when size and time of writing are the same", async () => {
    const { root, path } = await installed();
    const provider = await located(root);
    const verifier = new ProviderVerifier();
    await verifier.verify(provider);
    const { atime, mtime } = statSync(path);
    writeFileSync(path, readFileSync(path, "utf8").replace("exit", "quit"));
    utimesSync(path, atime, mtime);
    expect(await rejectedCode(verifier.verify(provider))).toBe("PROVIDER_LOCK_MISMATCH");
  });

  it("takes a package again once it is put right", async () => {
    const { root, digest, packageDir, path } = await installed();
    const provider = await located(root);
    const verifier = new ProviderVerifier();
    const right = readFileSync(path);
    writeFileSync(path, "wrong");
    expect(await rejectedCode(verifier.verify(provider))).toBe("PROVIDER_LOCK_MISMATCH");
    writeFileSync(path, right);
    mkdirSync(join(packageDir, "empty"));
    chmodSync(path, 0o755);
    expect((await verifier.verify(provider)).digest).toBe(digest);
  });
});
