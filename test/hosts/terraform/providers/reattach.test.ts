import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAddress, parseReattach, reattachValue } from "../../../../src/hosts/terraform/providers/reattach.js";
import type { ReattachEntry } from "../../../../src/hosts/terraform/providers/reattach.js";
import { thrownCode } from "../../../support/codes.js";

/** What `terraform-provider-x -debug` prints (terraform-plugin-go, tf5server). */
const PRINTED = {
  "registry.terraform.io/hashicorp/time": {
    Protocol: "grpc",
    ProtocolVersion: 6,
    Pid: 3382870,
    Test: true,
    Addr: { Network: "unix", String: "/tmp/plugin713096927" },
  },
};

function set(entry: unknown, key = "a/b"): string {
  return JSON.stringify({ [key]: entry });
}

const PLAIN = { Protocol: "grpc", ProtocolVersion: 5, Pid: 1, Test: true, Addr: { Network: "unix", String: "/s" } };

describe("TF_REATTACH_PROVIDERS of the user", () => {
  it("is read as providers print it", () => {
    const [[source, entry] = []] = [...parseReattach(JSON.stringify(PRINTED), "terraform")];
    expect(source).toBe("registry.terraform.io/hashicorp/time");
    expect(entry).toEqual({ protocol: 6, pid: 3382870, address: { network: "unix", path: "/tmp/plugin713096927" } });
  });

  it("is nothing when it is not set, or empty", () => {
    expect(parseReattach(undefined, "tofu").size).toBe(0);
    expect(parseReattach("", "tofu").size).toBe(0);
  });

  it.each([
    ["says 0", { ...PLAIN, ProtocolVersion: 0 }],
    ["says nothing", { Protocol: "grpc", Addr: PLAIN.Addr }],
  ])("means protocol 5 where an old SDK %s", (_, entry) => {
    expect(parseReattach(set(entry), "tofu").get("registry.opentofu.org/a/b")?.protocol).toBe(5);
  });

  it.each([
    ["no JSON", "x"],
    ["a list", "[]"],
    ["a string", '"x"'],
    ["an entry that is no object", set("x")],
    ["another transport", set({ ...PLAIN, Protocol: "netrpc" })],
    ["an unknown protocol version", set({ ...PLAIN, ProtocolVersion: 4 })],
    ["no address", set({ ...PLAIN, Addr: undefined })],
    ["an unknown network", set({ ...PLAIN, Addr: { Network: "udp", String: "x" } })],
    ["an address elsewhere", set({ ...PLAIN, Addr: { Network: "tcp", String: "192.0.2.1:80" } })],
    ["a relative path", set({ ...PLAIN, Addr: { Network: "unix", String: "socket" } })],
    ["a key that reaches into prototypes", '{"__proto__": {}}'],
    ["more than 128 KiB", set({ ...PLAIN, more: "x".repeat(128 * 1024) })],
  ])("is refused with %s", (_, text) => {
    expect(thrownCode(() => parseReattach(text, "tofu"))).toBe("PROVIDER_REATTACH");
  });

  it("is refused for what is no provider", () => {
    expect(thrownCode(() => parseReattach(set(PLAIN, "../b"), "tofu"))).toBe("PROVIDER_SOURCE");
  });

  it("is read or refused with its own error, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .dictionary(fc.constantFrom("a/b", "x"), fc.anything())
            .map((any) => JSON.stringify(any, (_, value: unknown) => (typeof value === "bigint" ? 1 : value))),
        ),
        (text) => {
          try {
            parseReattach(text, "tofu");
          } catch (error) {
            expect(error).toHaveProperty("code", expect.stringMatching(/^PROVIDER_(REATTACH|SOURCE)$/));
          }
        },
      ),
    );
  });
});

describe("TF_REATTACH_PROVIDERS for core", () => {
  const ours = new Map<string, ReattachEntry>([
    ["registry.opentofu.org/a/b", { protocol: 5, pid: 7, address: { network: "unix", path: "/run/s1" } }],
    ["registry.opentofu.org/c/d", { protocol: 6, pid: 7, address: { network: "tcp", host: "::1", port: 10_000 } }],
  ]);

  it("is of the form that core reads", () => {
    expect(JSON.parse(reattachValue(ours, undefined, "tofu"))).toEqual({
      "registry.opentofu.org/a/b": {
        Protocol: "grpc",
        ProtocolVersion: 5,
        Pid: 7,
        Test: true,
        Addr: { Network: "unix", String: "/run/s1" },
      },
      "registry.opentofu.org/c/d": {
        Protocol: "grpc",
        ProtocolVersion: 6,
        Pid: 7,
        Test: true,
        Addr: { Network: "tcp", String: "[::1]:10000" },
      },
    });
  });

  it("keeps the user's entries for other providers as they were, and replaces those for ours", () => {
    const other = { ...PLAIN, Test: false, Extra: [1] };
    const value: unknown = JSON.parse(reattachValue(ours, JSON.stringify({ "x/y": other, "a/b": PLAIN }), "tofu"));
    expect(value).toMatchObject({ "x/y": other });
    expect(Object.keys(value as object).sort()).toEqual([
      "registry.opentofu.org/a/b",
      "registry.opentofu.org/c/d",
      "x/y",
    ]);
  });

  it("can be read back", () => {
    expect(parseReattach(reattachValue(ours, undefined, "tofu"), "tofu")).toEqual(ours);
  });
});

describe("an address", () => {
  it.each(["127.0.0.1:1", "127.1.2.3:65535", "localhost:80", "[::1]:80"])("of this machine is taken: %s", (text) => {
    expect(parseAddress("tcp", text)).toMatchObject({ network: "tcp" });
  });

  it.each([
    "127.0.0.1",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "0.0.0.0:80",
    "example.com:80",
    "127.0.0.1.example.com:80",
    "::1:80",
    "",
  ])("that is none of this machine is not taken: %s", (text) => {
    expect(parseAddress("tcp", text)).toBeUndefined();
  });

  it("that is a path is absolute", () => {
    expect(parseAddress("unix", "/s")).toEqual({ network: "unix", path: "/s" });
    expect(parseAddress("unix", "s")).toBeUndefined();
    expect(parseAddress("unix", "/s\0x")).toBeUndefined();
    expect(parseAddress("pipe", "/s")).toBeUndefined();
  });
});
