import { expect, it, describe } from "vitest";
import { MetadataError } from "../../src/hosts/terraform/metadata/metadata-error.js";
import type { AirlockEvent, StoredInfo } from "../../src/protocol/events.js";
import { DEFAULT_METADATA_BYTES } from "../../src/protocol/limits.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationResult } from "../../src/runtime/types.js";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

/** Version 2 of an integration: it has `total`, where version 1 had `cost`. It says what it saw, and what it migrated. */
const MIGRATES = jsIntegration(
  `if (method === "migrate-metadata") {
     asked.push([params.from, params.to, params.address, params.type]);
     return { metadata: params.metadata.gone ? null : { total: params.metadata.cost } };
   }
   return { status: "success", message: JSON.stringify([params.metadata, asked]) };`,
  { metadata_version: 2 },
  "const asked = [];",
);

async function judge(
  code: string,
  events: readonly AirlockEvent[],
  declared: Partial<IntegrationDeclarationInput> = {},
): Promise<IntegrationResult[]> {
  const directory = temporaryFolder({ "one.js": code });
  await using runtime = createRuntime({ integrations: [{ name: "one", directory, source: "./one.js", ...declared }] });
  expect(await runtime.start()).toEqual([]);
  const results: IntegrationResult[] = [];
  for (const event of events) results.push(...(await runtime.dispatch(event)).results);
  return results;
}

/** The event of a resource for which `one` stored this, in this version. */
function storing(data: Record<string, unknown>, version: number, stored: Partial<StoredInfo> = {}): AirlockEvent {
  const event = resourceEvent("a_b.c", "post-plan-resource", {});
  return {
    ...event,
    params: { ...event.params, metadata: { one: data, other: { x: 1 } } },
    stored: { versions: new Map([["one", version]]), refusal: null, ...stored },
  } as AirlockEvent;
}

const attaches = (bytes: number): string =>
  jsIntegration(`return { status: "success", metadata: { text: "x".repeat(${bytes - '{"text":""}'.length}) } };`);

describe("data of an older version", () => {
  it("is migrated before the integration sees it, and stored in its new form though the verdict says nothing of it", async () => {
    const [result] = await judge(MIGRATES, [storing({ cost: 12 }, 1)]);
    const [seen, asked] = JSON.parse(result?.message ?? "") as [unknown, unknown];
    expect(seen).toEqual({ one: { total: 12 }, other: { x: 1 } });
    expect(asked).toEqual([[1, 2, "a_b.c", expect.any(String)]]);
    expect(result).toMatchObject({ status: "success", metadata: { total: 12 }, metadataVersion: 2 });
  });

  it("can be cleared by it", async () => {
    const [result] = await judge(MIGRATES, [storing({ gone: true }, 0)]);
    expect(result).toMatchObject({ status: "success", metadata: null });
    expect(JSON.parse(result?.message ?? "")).toEqual([{ other: { x: 1 } }, [[0, 2, "a_b.c", "a_b"]]]);
  });

  it("is an error where the integration cannot migrate", async () => {
    const cannot = jsIntegration(
      `if (method === "migrate-metadata") throw new Error("no"); return { status: "success" };`,
      { metadata_version: 2 },
    );
    const [result] = await judge(cannot, [storing({ cost: 1 }, 1)]);
    expect(result).toMatchObject({ status: "error", metadata: undefined });
    expect(result?.error?.code).toMatch(/^(?:GUEST|PROTOCOL)_/);
  });

  it("leaves the line of events free when it cannot be migrated", async () => {
    const cannot = jsIntegration(
      `if (method === "migrate-metadata") return { metadata: 1 }; return { status: "success" };`,
      { metadata_version: 1 },
    );
    const results = await judge(cannot, [storing({}, 0), resourceEvent("a_b.d")]);
    expect(results.map(({ status, error }) => [status, error?.code])).toEqual([
      ["error", "PROTOCOL_BAD_RESULT"],
      ["success", undefined],
    ]);
  });
});

describe("data of today's version", () => {
  it("is not migrated, nor is what nobody stored", async () => {
    const [same, none] = await judge(MIGRATES, [storing({ total: 1 }, 2), resourceEvent("a_b.c")]);
    expect(JSON.parse(same?.message ?? "")).toMatchObject([{ one: { total: 1 } }, []]);
    expect(JSON.parse(none?.message ?? "")).toMatchObject([{}, []]);
    expect(same?.metadata).toBeUndefined();
  });
});

describe("data of a newer version", () => {
  it("is an error that names both versions, and only a warning under on_error = warn", async () => {
    const [failed] = await judge(MIGRATES, [storing({ total: 1 }, 3)]);
    expect(failed).toMatchObject({ status: "error", error: { code: "RUNTIME_METADATA_NEWER" } });
    expect(failed?.message).toMatch(/version 3.*up to 2/);
    const [warned] = await judge(MIGRATES, [storing({ total: 1 }, 3)], { onError: "warn" });
    expect(warned).toMatchObject({ status: "warn", metadata: undefined });
  });
});

describe("what is attached to one resource", () => {
  it.each([
    [DEFAULT_METADATA_BYTES, {}],
    [1_000, { metadataBytes: 1_000 }],
  ])("may have %i bytes", async (bytes, declared) => {
    const [result] = await judge(attaches(bytes), [resourceEvent("a_b.c")], declared);
    expect(result?.status).toBe("success");
    expect(JSON.stringify(result?.metadata)).toHaveLength(bytes);
  });

  it.each([
    [DEFAULT_METADATA_BYTES + 1, {}],
    [1_001, { metadataBytes: 1_000 }],
  ])("may not have %i bytes: nothing of it is stored", async (bytes, declared) => {
    const [result] = await judge(attaches(bytes), [resourceEvent("a_b.c")], declared);
    expect(result).toMatchObject({
      status: "error",
      metadata: undefined,
      error: { code: "RUNTIME_METADATA_TOO_LARGE" },
    });
  });

  it("is counted in bytes, not in characters", async () => {
    const wide = jsIntegration(`return { status: "success", metadata: { t: "ü".repeat(500) } };`);
    const [result] = await judge(wide, [resourceEvent("a_b.c")], { metadataBytes: 600 });
    expect(result?.error?.code).toBe("RUNTIME_METADATA_TOO_LARGE");
  });

  it("is refused where the host has no place for it, and nothing said is no fault", async () => {
    const refusal = new MetadataError("METADATA_FOREIGN", "not ours");
    const [attached] = await judge(attaches(20), [storing({}, 0, { refusal })]);
    expect(attached).toMatchObject({ status: "error", metadata: undefined, error: { code: "METADATA_FOREIGN" } });
    const silent = jsIntegration(`return { status: "success" };`);
    expect(await judge(silent, [storing({}, 0, { refusal })])).toMatchObject([{ status: "success" }]);
  });
});
