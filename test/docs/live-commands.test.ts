import { expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { workspace } from "../support/live/workspace.js";
import { differences, NAMES, stepsOn } from "./pages.js";

await describeLive("the live sections of pages", (core) => {
  it.each(NAMES)("%s shows what its commands print", async (page) => {
    const { env } = await workspace({ files: {}, providers: ["local"] });
    expect(differences(stepsOn(page, "live"), { ...env, AIRLOCK_CORE: core.path })).toEqual([]);
  });
});
