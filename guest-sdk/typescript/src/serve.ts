import { Dispatcher } from "./dispatcher.js";
import type { Integration } from "./integration.js";
import { transport } from "./transport.js";

/**
 * Starts to answer the host. Call it once, at the top level: inside the sandbox it hands the integration to the
 * sandbox; under Node it answers lines of stdin on stdout until stdin ends.
 */
export function serve(integration: Integration): void {
  const dispatcher = new Dispatcher(integration);
  transport().serve((line) => dispatcher.handle(line));
}
