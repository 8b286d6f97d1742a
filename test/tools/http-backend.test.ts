import { describe, expect, it, onTestFinished } from "vitest";
import { httpBackend, type HttpBackend } from "../support/live/http-backend.js";

const LOCK = JSON.stringify({ ID: "mine", Who: "me@here" });

async function started(): Promise<{
  readonly backend: HttpBackend;
  readonly ask: (method: string, body?: string, query?: string) => Promise<readonly [status: number, body: string]>;
}> {
  const backend = await httpBackend();
  onTestFinished(() => backend.end());
  const address = /"(http:[^"]*)"/.exec(backend.hcl)?.[1] ?? "";
  return {
    backend,
    ask: async (method, body, query = "") => {
      const response = await fetch(`${address}${query}`, { method, ...(body !== undefined && { body }) });
      return [response.status, await response.text()];
    },
  };
}

describe("the server for the http backend", () => {
  it("keeps a state until it is deleted", async () => {
    const { backend, ask } = await started();
    expect(await ask("GET")).toEqual([404, ""]);
    expect(await ask("POST", "{}")).toEqual([200, ""]);
    expect(await ask("GET")).toEqual([200, "{}"]);
    expect(await backend.state()).toBe("{}");
    expect(await ask("DELETE")).toEqual([200, ""]);
    expect(await ask("GET")).toEqual([404, ""]);
  });

  it("gives what was written by hand", async () => {
    const { backend, ask } = await started();
    await backend.write("by hand");
    expect(await ask("GET")).toEqual([200, "by hand"]);
  });

  it("lets only the holder of its lock write and unlock", async () => {
    const { backend, ask } = await started();
    expect(await ask("LOCK", LOCK)).toEqual([200, ""]);
    expect(backend.locked).toBe("mine");
    expect(await ask("LOCK", JSON.stringify({ ID: "yours" }))).toEqual([423, LOCK]);
    expect(await ask("POST", "{}")).toEqual([423, LOCK]);
    expect(await ask("POST", "{}", "?ID=yours")).toEqual([423, LOCK]);
    expect(await ask("UNLOCK", JSON.stringify({ ID: "yours" }))).toEqual([423, LOCK]);
    expect(await ask("POST", "{}", "?ID=mine")).toEqual([200, ""]);
    expect(await ask("UNLOCK", LOCK)).toEqual([200, ""]);
    expect(backend.locked).toBeNull();
    expect(await ask("POST", "{}")).toEqual([200, ""]);
  });

  it("is unlocked by force without an id", async () => {
    const { backend, ask } = await started();
    await ask("LOCK", LOCK);
    expect(await ask("UNLOCK")).toEqual([200, ""]);
    expect(backend.locked).toBeNull();
  });

  it("holds its lock for somebody until he releases it", async () => {
    const { backend, ask } = await started();
    const held = await backend.hold();
    expect(await ask("LOCK", LOCK)).toMatchObject([423, expect.stringContaining("somebody@elsewhere")]);
    await expect(backend.hold()).rejects.toThrow("locked already");
    await held.release();
    expect(await ask("LOCK", LOCK)).toEqual([200, ""]);
  });

  it("refuses writes for as long as it is told, and nothing else", async () => {
    const { backend, ask } = await started();
    await backend.write("before");
    backend.refuseWrites(true);
    expect([await ask("POST", "after"), await ask("DELETE")]).toEqual([
      [500, ""],
      [500, ""],
    ]);
    expect(await ask("GET")).toEqual([200, "before"]);
    backend.refuseWrites(false);
    expect(await ask("POST", "after")).toEqual([200, ""]);
  });

  it("records what it was asked, in order", async () => {
    const { backend, ask } = await started();
    await ask("GET");
    await ask("POST", "1234", "?ID=x");
    await ask("PATCH");
    expect(backend.requests).toEqual([
      { method: "GET", lock: null, bytes: 0, status: 404 },
      { method: "POST", lock: "x", bytes: 4, status: 200 },
      { method: "PATCH", lock: null, bytes: 0, status: 405 },
    ]);
  });

  it("answers a lock that is none with an error, and lives on", async () => {
    const { ask } = await started();
    expect((await ask("LOCK", "{"))[0]).toBe(400);
    expect((await ask("GET"))[0]).toBe(404);
  });

  it("may be ended twice, and answers nothing then", async () => {
    const { backend, ask } = await started();
    await backend.end();
    await backend.end();
    await expect(ask("GET")).rejects.toThrow();
  });
});
