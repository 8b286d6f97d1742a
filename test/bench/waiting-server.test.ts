import { describe, expect, it } from "vitest";
import { waitingServer } from "../../bench/waiting-server.js";

describe("the server that guests wait for", () => {
  it("answers after its time, and is gone when nobody needs it", async () => {
    let url: string;
    {
      await using server = await waitingServer(20);
      url = `http://127.0.0.1:${server.port}/`;
      const before = performance.now();
      expect((await fetch(url)).status).toBe(200);
      expect(performance.now() - before).toBeGreaterThan(15);
    }
    await expect(fetch(url)).rejects.toThrow();
  });
});
