import { findBubblewrap } from "../../runtimes/executable/bubblewrap.js";
import type { Bubblewrap } from "../../runtimes/executable/bubblewrap.js";

/** A bubblewrap that works here; throws where none does. */
export async function workingBubblewrap(): Promise<Bubblewrap> {
  const found = await findBubblewrap(process.env["PATH"]);
  if ("path" in found) return found;
  throw new Error(found.reason);
}

/** Whether tests that need bubblewrap can run; with AIRLOCK_REQUIRE_BWRAP=1 they run, and fail where it does not work. */
export const HAS_BUBBLEWRAP =
  process.env["AIRLOCK_REQUIRE_BWRAP"] === "1" || "path" in (await findBubblewrap(process.env["PATH"]));
