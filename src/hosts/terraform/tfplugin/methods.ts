/** Major version of the provider plug-in protocol. */
export type ProtocolVersion = 5 | 6;

/** One name for the same call in both versions. */
export type Method =
  | "schema"
  | "validateProvider"
  | "configure"
  | "validateResource"
  | "validateData"
  | "upgrade"
  | "read"
  | "plan"
  | "apply"
  | "import"
  | "move"
  | "readData"
  | "stop";

/** What a request path names. */
export interface Call {
  readonly version: ProtocolVersion;
  readonly method: Method;
}

/** rpc names of `service Provider` that both versions share (tfplugin5.10.proto, tfplugin6.10.proto). */
const SHARED: readonly (readonly [string, Method])[] = [
  ["UpgradeResourceState", "upgrade"],
  ["ReadResource", "read"],
  ["PlanResourceChange", "plan"],
  ["ApplyResourceChange", "apply"],
  ["ImportResourceState", "import"],
  ["MoveResourceState", "move"],
  ["ReadDataSource", "readData"],
];

const VERSION_5: readonly (readonly [string, Method])[] = [
  ["GetSchema", "schema"],
  ["PrepareProviderConfig", "validateProvider"],
  ["Configure", "configure"],
  ["ValidateResourceTypeConfig", "validateResource"],
  ["ValidateDataSourceConfig", "validateData"],
  ["Stop", "stop"],
];

const VERSION_6: readonly (readonly [string, Method])[] = [
  ["GetProviderSchema", "schema"],
  ["ValidateProviderConfig", "validateProvider"],
  ["ConfigureProvider", "configure"],
  ["ValidateResourceConfig", "validateResource"],
  ["ValidateDataResourceConfig", "validateData"],
  ["StopProvider", "stop"],
];

function calls(version: ProtocolVersion, own: readonly (readonly [string, Method])[]): [string, Call][] {
  return [...SHARED, ...own].map(([rpc, method]) => [`/tfplugin${version}.Provider/${rpc}`, { version, method }]);
}

const CALLS: ReadonlyMap<string, Call> = new Map([...calls(5, VERSION_5), ...calls(6, VERSION_6)]);

/** The call that a gRPC path (`:path` of HTTP/2) names; null for every other path. */
export function methodOf(path: string): Call | null {
  return CALLS.get(path) ?? null;
}
