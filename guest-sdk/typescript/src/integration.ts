import { isPromise } from "./values.js";
import type { EventOf, Grants, Hook, InitializeParams, MigrationEvent, NamedVersion, Verdict } from "./protocol.js";

/** What an integration knows from `initialize` until `shutdown`. */
export interface Context<Config, State = undefined> {
  /** What the user wrote; the host has checked it against the manifest's `config_schema`. */
  readonly config: Config;
  readonly host: NamedVersion;
  /** The terraform or tofu that is driven; null when none is. */
  readonly core: NamedVersion | null;
  /** The declaration's own name and scope. */
  readonly integration: InitializeParams["integration"];
  readonly grants: Grants;
  /** The values of the granted environment variables that are set. */
  readonly environment: Readonly<Record<string, string>>;
  /** What `initialize` returned; one object for the whole run. */
  readonly state: State;
}

/** A hook's answer; nothing means success. */
export type HookAnswer = Verdict | undefined;

// `void` lets a hook end without a return statement.
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- the type of a function that returns nothing
type Returned<T> = T | void | Promise<T | void>;

/** A function for each hook that the integration takes part in. */
export type HookFunctions<Config, State> = {
  readonly [H in Hook]?: (event: EventOf<H>, context: Context<Config, State>) => Returned<HookAnswer>;
};

interface Definition<Config, State> {
  readonly name: string;
  readonly version: string;
  /** Globs over resource types; absent = all. */
  readonly resourceTypes?: readonly string[];
  /** It keeps nothing between calls, so it may run in several instances. */
  readonly stateless?: boolean;
  /** Raise it when the form of the attached metadata changes. */
  readonly metadataVersion?: number;
  /**
   * Brings metadata that an older version stored into today's form; null removes it. Called once for a resource, before
   * its first hook.
   */
  readonly migrate?: (stored: MigrationEvent, context: Context<Config, State>) => Migrated | Promise<Migrated>;
  /** Turns what the user wrote into the integration's own form; throw `ConfigError` for what cannot be used. */
  readonly config?: (raw: Record<string, unknown>) => Config;
  readonly hooks: HookFunctions<Config, State>;
  readonly shutdown?: (context: Context<Config, State>) => void | Promise<void>;
}

/** Makes the state of a run; required unless there is none. */
type Start<Config, State> = (context: Context<Config>) => State | Promise<State>;

/** What `defineIntegration` takes; `initialize` is required unless `State` may be undefined. */
export type IntegrationDefinition<Config, State> = Definition<Config, State> &
  (undefined extends State
    ? { readonly initialize?: Start<Config, State> }
    : { readonly initialize: Start<Config, State> });

/** A definition with its type parameters forgotten: what `serve` takes. */
export interface Integration {
  readonly name: string;
  readonly version: string;
  readonly resourceTypes: readonly string[] | undefined;
  readonly stateless: boolean | undefined;
  readonly metadataVersion: number | undefined;
  readonly hooks: ReadonlySet<string>;
  /** Builds the context of a run. */
  start(params: InitializeParams): Promise<RunningIntegration>;
}

/** Metadata in today's form; null for none. */
type Migrated = Record<string, unknown> | null;

/** An integration between `initialize` and `shutdown`. */
export interface RunningIntegration {
  /** undefined where the integration migrates nothing. */
  readonly migrate: ((stored: MigrationEvent) => Migrated | Promise<Migrated>) | undefined;
  /** `event` must be the event of that hook; the caller has checked its form. */
  call(hook: string, event: unknown): HookAnswer | Promise<HookAnswer>;
  stop(): Promise<void>;
}

/** Thrown for a configuration that the integration cannot use; the host shows its message to the user. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Describes an integration. `Config` is the type of its configuration, `State` what `initialize` returns and every
 * hook finds in `context.state`.
 */
export function defineIntegration<Config = Record<string, unknown>, State = undefined>(
  definition: IntegrationDefinition<Config, State>,
): Integration {
  // The dispatcher calls each function only with the event of its own hook, which the type of a lookup cannot say.
  const functions = definition.hooks as Record<
    string,
    ((event: unknown, context: Context<Config, State>) => Returned<HookAnswer>) | undefined
  >;
  return {
    name: definition.name,
    version: definition.version,
    resourceTypes: definition.resourceTypes,
    stateless: definition.stateless,
    metadataVersion: definition.metadataVersion,
    hooks: new Set(Object.keys(functions).filter((hook) => functions[hook] !== undefined)),
    async start({ config: raw, host, core, integration, grants, environment }) {
      // Without a `config` function the manifest's schema, checked by the host, vouches for the type.
      const config = definition.config === undefined ? (raw as Config) : definition.config(raw);
      const known = { config, host, core, integration, grants, environment };
      // `initialize` can be absent only where State includes undefined.
      const state = (await definition.initialize?.({ ...known, state: undefined })) as State;
      const context: Context<Config, State> = { ...known, state };
      const { migrate } = definition;
      return {
        migrate: migrate === undefined ? undefined : (stored) => migrate(stored, context),
        call(hook, event) {
          const answer = functions[hook]?.(event, context);
          return isPromise(answer) ? answer.then((verdict) => verdict ?? undefined) : (answer ?? undefined);
        },
        async stop() {
          await definition.shutdown?.(context);
        },
      };
    },
  };
}
