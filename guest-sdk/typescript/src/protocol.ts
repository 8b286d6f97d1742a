/** The version of the protocol that this SDK speaks. */
export const PROTOCOL_VERSION = 1;

/** Hooks of one resource instance, managed or data. */
export type ResourceHook =
  | "pre-plan-resource"
  | "post-plan-resource"
  | "pre-apply-resource"
  | "post-apply-resource"
  | "pre-refresh-resource"
  | "post-refresh-resource"
  | "validate-resource"
  | "pre-read-data"
  | "post-read-data";

/** Hooks of a whole stage. */
export type StageHook =
  | "init-stage-start"
  | "init-stage-complete"
  | "plan-stage-start"
  | "plan-stage-complete"
  | "apply-stage-start"
  | "apply-stage-complete"
  | "refresh-stage-complete";

/** Hooks of one provider configuration. */
export type ProviderHook = "pre-configure-provider";

/** Every named point at which integrations are called. */
export type Hook = ResourceHook | StageHook | ProviderHook;

/** All hooks, in the order of the protocol. */
export const HOOKS: readonly Hook[] = [
  "pre-plan-resource",
  "post-plan-resource",
  "pre-apply-resource",
  "post-apply-resource",
  "pre-refresh-resource",
  "post-refresh-resource",
  "validate-resource",
  "pre-read-data",
  "post-read-data",
  "init-stage-start",
  "init-stage-complete",
  "plan-stage-start",
  "plan-stage-complete",
  "apply-stage-start",
  "apply-stage-complete",
  "refresh-stage-complete",
  "pre-configure-provider",
];

/** A path into a resource's value: attribute names and indexes from the outside in. */
export type Path = (string | number)[];

/** What happens to a resource. */
export type Action = "create" | "update" | "delete" | "replace" | "read" | "no-op";

/** One command of the host, from start to exit. */
export interface Run {
  id: string;
  command: string;
  workspace: string;
}

/** A provider configuration. */
export interface ProviderRef {
  /** The provider's source address, e.g. `registry.opentofu.org/hashicorp/aws`. */
  source: string;
  alias: string | null;
}

/** Attached data by integration name. */
export type Metadata = Record<string, Record<string, unknown>>;

interface ResourceIdentity {
  mode: "managed" | "data";
  type: string;
  name: string;
  /** The key of `count` or `for_each`; null without either. */
  index: string | number | null;
  /** The module's address; null for the root module. */
  module: string | null;
  provider: ProviderRef;
  action: Action;
  /** The value before and after, in the plan JSON's form; null where there is none. */
  before: unknown;
  after: unknown;
  /** `true` at every place of `after` that is known only after apply. */
  after_unknown: unknown;
  /** Where values were replaced by tokens; see `isSensitive`. */
  sensitive: Path[];
  metadata: Metadata;
}

/** Event of every resource hook. */
export interface ResourceEvent extends ResourceIdentity {
  run: Run;
  /** null while the address is not known yet; then `address_candidates` holds those it can be. */
  address: string | null;
  address_candidates?: string[] | undefined;
  /** The configuration's expressions for this resource; null where unknown. */
  config: unknown;
}

/** One resource of the whole view that `*-stage-complete` hooks get. */
export interface ResourceView extends ResourceIdentity {
  address: string;
}

/** Event of every stage hook; the whole view only on `*-stage-complete`. */
export interface StageEvent {
  run: Run;
  resources?: ResourceView[] | undefined;
}

/** What `migrate-metadata` asks: what the integration itself stored for a resource, in an older form. */
export interface MigrationEvent {
  run: Run;
  /** null while the address is not known yet. */
  address: string | null;
  type: string;
  /** The `metadataVersion` that it was stored with, and today's. */
  from: number;
  to: number;
  metadata: Record<string, unknown>;
}

/** Event of every provider hook. */
export interface ProviderEvent {
  run: Run;
  provider: ProviderRef;
  config: unknown;
  sensitive: Path[];
}

/** The event that belongs to a hook. */
export type EventOf<H extends Hook> = H extends ResourceHook
  ? ResourceEvent
  : H extends StageHook
    ? StageEvent
    : ProviderEvent;

/** What an integration can say of an event. */
export type Status = "success" | "warn" | "fail";
/** How grave a finding is. */
export type Severity = "info" | "low" | "medium" | "high" | "critical";

/** One message inside a verdict. */
export interface Finding {
  /** The rule's own name. */
  rule: string;
  /** Default `medium`. */
  severity?: Severity | undefined;
  message: string;
  /** Where in the resource; absent for the resource as a whole. */
  path?: Path | undefined;
  /** A page that explains the rule. */
  url?: string | undefined;
}

/** An integration's answer to one event. */
export interface Verdict {
  status: Status;
  message?: string | undefined;
  findings?: Finding[] | undefined;
  /** Kept under the integration's name; null clears what it attached before. */
  metadata?: Record<string, unknown> | null | undefined;
}

/** A program and its version. */
export interface NamedVersion {
  name: string;
  version: string;
}

/** Capabilities that the user gave. */
export interface Grants {
  /** `HOST:PORT`, with `http://` in front without TLS. */
  hosts: string[];
  env: string[];
  files: string[];
  clock: boolean;
  random: boolean;
  /** `TYPE.ATTRIBUTE`. */
  sensitive: string[];
}

/** What the host tells an integration first. */
export interface InitializeParams {
  protocol_version: 1;
  host: NamedVersion;
  /** The terraform or tofu that is driven; null when none is. */
  core: NamedVersion | null;
  integration: { name: string; scope: "project" | "provider"; provider?: string | undefined };
  config: Record<string, unknown>;
  grants: Grants;
  /** The values of the granted environment variables that are set. */
  environment: Record<string, string>;
}

/** What an integration says of itself. */
export interface InitializeResult {
  name: string;
  version: string;
  protocol_version: number;
  hooks: Hook[];
  resource_types?: string[] | undefined;
  stateless?: boolean | undefined;
  metadata_version?: number | undefined;
}

/** How grave a log line is. */
export type LogLevel = "debug" | "info" | "warn" | "error";
