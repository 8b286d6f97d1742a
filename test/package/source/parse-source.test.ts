import { describe, expect, it } from "vitest";
import { parseSource } from "../../../src/package/source/parse-source.js";
import { sourceText } from "../../../src/package/source/source.js";
import type { RemoteSource } from "../../../src/package/source/source.js";
import { thrownCode } from "../../support/codes.js";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("a source", () => {
  it.each([
    [
      "registry.example.com/acme/budget",
      { kind: "registry", host: "registry.example.com", namespace: "acme", name: "budget" },
    ],
    ["Registry.Example.com:8443/acme/budget", { kind: "registry", host: "registry.example.com:8443" }],
    ["localhost:8080/acme/budget", { kind: "registry", host: "localhost:8080" }],
    ["oci://ghcr.io/acme/budget", { kind: "oci", host: "ghcr.io", repository: "acme/budget", tag: null, digest: null }],
    ["oci://localhost:5000/a/b:1.2.0", { kind: "oci", reference: "localhost:5000/a/b:1.2.0", tag: "1.2.0" }],
    [`oci://ghcr.io/a/b@${DIGEST}`, { kind: "oci", digest: DIGEST, tag: null }],
    [
      `https://example.com/b.tar.gz?checksum=${DIGEST}`,
      { kind: "archive", url: "https://example.com/b.tar.gz", digest: DIGEST },
    ],
    ["./acme/budget", { kind: "local" }],
    ["../a.b/c/d", { kind: "local" }],
    ["integrations/budget", { kind: "local" }],
    ["integrations/acme/budget", { kind: "local" }],
    ["policy.wasm", { kind: "local" }],
    ["/opt/policies.d/a/b", { kind: "local" }],
  ])("%s is read by its text alone", (text, expected) => {
    expect(parseSource(text)).toMatchObject(expected);
  });

  it("without a host is looked for in the default registry, where there is one", () => {
    expect(parseSource("acme/budget", { defaultHost: "r.example.com" })).toMatchObject({
      host: "r.example.com",
      name: "budget",
    });
    expect(parseSource("./acme/budget", { defaultHost: "r.example.com" })).toMatchObject({ kind: "local" });
  });

  it.each([
    "registry.example.com/acme/budget",
    "oci://ghcr.io/acme/budget:1.0.0",
    `https://example.com/b?x=1&checksum=${DIGEST}`,
  ])("has one text that means the same: %s", (text) => {
    const source = parseSource(text);
    expect(parseSource(sourceText(source as RemoteSource))).toEqual(source);
  });

  it.each([
    ["https://example.com/policy.tar.gz", "SOURCE_UNPINNED"],
    ["https://example.com/policy.tar.gz?checksum=md5:1", "SOURCE_UNPINNED"],
    [`https://user:secret@example.com/b?checksum=${DIGEST}`, "SOURCE_INSECURE"],
    ["http://example.com/policy.tar.gz", "SOURCE_INSECURE"],
    ["git::https://example.com/p.git", "SOURCE_MALFORMED"],
    ["git@example.com:team/p.git", "SOURCE_MALFORMED"],
    ["example.com/team/policies//cost", "SOURCE_MALFORMED"],
    ["oci://ghcr.io", "SOURCE_MALFORMED"],
    ["oci://ghcr.io/Acme/Budget", "SOURCE_MALFORMED"],
    ["oci://ghcr.io/a/b@sha256:123", "SOURCE_MALFORMED"],
    ["ftp://example.com/a", "SOURCE_MALFORMED"],
  ])("%s is refused: %s", (text, code) => {
    expect(thrownCode(() => parseSource(text))).toBe(code);
  });
});
