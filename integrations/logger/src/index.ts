import { defineIntegration, HOOKS, log, serve } from "airlock-guest-sdk";
import type { EventOf, Hook, LogLevel } from "airlock-guest-sdk";

interface Config {
  readonly level?: LogLevel;
}

/** `post-plan-resource aws_instance.web create`, `plan-stage-complete 12 resources`, … */
function describe(hook: Hook, event: EventOf<Hook>): string {
  if ("action" in event) {
    const address = event.address ?? `${event.address_candidates?.join(" or ") ?? event.type} (address not known yet)`;
    return `${hook} ${address} ${event.action}`;
  }
  if ("provider" in event) return `${hook} ${event.provider.source}`;
  return event.resources === undefined ? hook : `${hook} ${event.resources.length} resources`;
}

const hooks = Object.fromEntries(
  HOOKS.map((hook) => [
    hook,
    (event: EventOf<Hook>, { config }: { readonly config: Config }) => {
      log[config.level ?? "info"](describe(hook, event));
    },
  ]),
);

serve(defineIntegration<Config>({ name: "logger", version: "1.0.0", stateless: true, hooks }));
