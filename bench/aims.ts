import type { Goal } from "./measurement.js";

const MIB = 1024 ** 2;

/** What the project wants; each is printed beside what was measured. Times and bytes are in the row's own unit, the others are ratios. */
export const AIMS = {
  /** A plan of 1,000 resources with five sandboxed integrations, as a multiple of the plain one; the provider answers at once. */
  planRatio: atMost(1),
  /** The same, applied. */
  applyRatio: atMost(0.95),
  /** The same, refreshed. */
  refreshRatio: atMost(1),
  /** The same plan when the provider takes 20 ms for each call. */
  slowProviderRatio: atMost(1.01),
  /** A plan with Airlock and one integration that matches nothing, as a multiple of the plain one. */
  idleRatio: atMost(0.92),
  /** `airlock check` of 10,000 resources through one js policy, in ms. */
  check10000Ms: atMost(1_500),
  /** The same, as a multiple of Conftest's wall time with the same rule. */
  conftestTimeRatio: atMost(1),
  /** The same, as a multiple of Conftest's peak of memory. */
  conftestMemoryRatio: atMost(1),
  /** `airlock check` of 1,000 resources, as a multiple of Checkov's wall time. */
  checkovTimeRatio: atMost(0.05),
  /** `airlock check` of a plan of 10 resources, in ms. */
  check10Ms: atMost(350),
  /** Time per call of a sandboxed guest with 16 events under way, in us: the median, and the 99th percentile. */
  callUs: atMost(60),
  callP99Us: atMost(400),
  /** One event that five guests of 20 ms each are asked about, as a multiple of one such guest. */
  parallelGuestsRatio: atMost(1.15),
  /** Events in a second through two instances of a stateless guest, as a multiple of one. */
  twoInstancesRatio: atLeast(1.7),
  /** `airlock check` of 200,000 resources, as a multiple of 20,000. */
  scaleTimeRatio: atMost(11),
  scaleMemoryRatio: atMost(1.5),
  /** From a guest's deadline to the rejection of its call, in ms. */
  hardStopMs: atMost(50),
  /** From there to the replacement's first verdict, in ms. */
  replacementMs: atMost(60),
  /** Resident memory that each further js or wasm guest takes. */
  guestBytes: atMost(16 * MIB),
  /** A plan with Airlock over a state in which something is stored for every resource, as a multiple of one without. */
  metadataRatio: atMost(1.05),
  /** `airlock metadata list` of 5,000 resources with 1 KiB each, in ms. */
  metadataListMs: atMost(1_000),
} as const;

function atMost(value: number): Goal {
  return { bound: "at most", value };
}

function atLeast(value: number): Goal {
  return { bound: "at least", value };
}
