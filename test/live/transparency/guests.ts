import { HOOKS } from "../../../src/protocol/hooks.js";
import { jsIntegration } from "../../support/projects.js";

/** An integration that wants every event and finds all of them good. */
export const OBSERVER = { "guests/observer.js": jsIntegration(`return { status: "success" };`, { hooks: HOOKS }) };

/** The body of an `integration` block that declares it. */
export const OBSERVES = `integration "observer" {
  source = "./guests/observer.js"
}`;

/** What makes it take part in a whole project, without a change to the configuration. */
export const OBSERVED = { ...OBSERVER, "airlock.hcl": `${OBSERVES}\n` };
