import { expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { cores } from "../support/live/tools.js";
import { workspace } from "../support/live/workspace.js";
import { differences, NAMES, stepsOn } from "./pages.js";

const [first] = await cores();

await describeLive("the live sections of pages", (core) => {
  // The quick start is followed on every core; the rest shows nothing that differs from core to core.
  it.each(NAMES.filter((page) => page === "README.md" || core.path === first?.path))(
    "%s shows what its commands print",
    async (page) => {
      const { env } = await workspace({ files: {}, providers: ["local"] });
      expect(differences(stepsOn(page, "live"), { ...env, AIRLOCK_CORE: core.path })).toEqual([]);
    },
  );
});
