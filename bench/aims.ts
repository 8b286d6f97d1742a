/** What the project wants of medians; each is printed beside what was measured. */

/** Time per call of a sandboxed guest with 16 events under way, in us. */
export const AIM_CALL_US = 100;

/** `airlock check` of 10,000 resources through one js policy, in ms. */
export const AIM_CHECK_10_000_MS = 1_500;

/** From a guest's deadline to the rejection of its call, in ms. */
export const AIM_HARD_STOP_MS = 50;

/** A plan with Airlock in it, as a multiple of the same plan without. */
export const AIM_PLAN_RATIO = 1;
/** The same where the provider takes 20 ms for each call. */
export const AIM_LATENT_PLAN_RATIO = 1.01;
/** The same with one integration that matches nothing. */
export const AIM_UNMATCHED_PLAN_RATIO = 0.92;
/** An apply of new resources with Airlock in it, as a multiple of the same without. */
export const AIM_APPLY_RATIO = 0.95;
/** A refresh with Airlock in it, as a multiple of the same without. */
export const AIM_REFRESH_RATIO = 1;

/** A plan with Airlock over a state in which something is stored for every resource, as a multiple of one without. */
export const AIM_METADATA_RATIO = 1.05;

/** `airlock metadata list` of 5,000 resources with 1 KiB each, in ms. */
export const AIM_METADATA_LIST_MS = 1_000;
