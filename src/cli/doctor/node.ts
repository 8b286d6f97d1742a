import { ok } from "./probe.js";
import type { Probe } from "./probe.js";

const OLDEST: readonly [major: number, minor: number] = [20, 19];

/** Whether this Node is new enough. */
export function probeNode(version: string): Probe {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return isEnough
    ? ok("node", version)
    : {
        name: "node",
        status: "fail",
        detail: `${version} is too old`,
        remedy: `Install Node ${OLDEST.join(".")} or newer`,
      };
}
