import { startExecutable } from "../../runtimes/executable/executable-guest.js";
import type { ExecutableSpec, Guest, GuestObserver, GuestProcesses } from "../../runtimes/guest.js";
import type { IntegrationDeclaration } from "../declare/declaration.js";
import type { Network } from "../broker/broker.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import type { Limits } from "../protocol/limits.js";
import type { ApartHosts } from "../sandbox/apart.js";
import type { ProgramSpec } from "../sandbox/messages.js";
import type { Sandbox } from "../sandbox/sandbox.js";
import type { Isolation } from "./isolation.js";

/** Opens a fresh guest of one integration; `apart`: one that lives in a sandbox host gets one of its own. */
export type OpenGuest = (observer: GuestObserver, apart: boolean) => Promise<Guest>;

/** Where guests come to life. */
export interface GuestHome {
  readonly sandbox: Sandbox;
  readonly apart: ApartHosts;
  /** What granted environment variables are taken from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly processes?: GuestProcesses | undefined;
  readonly network: Network;
  readonly isolation: Isolation;
}

/** What is known of an integration before its first guest. */
export interface GuestSource {
  readonly declaration: IntegrationDeclaration;
  readonly found: IntegrationPackage;
  readonly limits: Limits;
  /** The granted variables that are set. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many guests may run at once. */
  readonly instances: number;
}

/** Makes room for guests of one integration, in the sandbox or as processes of their own. */
export function guestOpener(home: GuestHome, source: GuestSource): OpenGuest {
  const { declaration, found, limits, environment, instances } = source;
  const { name, grants, config } = declaration;
  const schema = found.manifest?.config_schema;
  const configCheck = schema === undefined ? {} : { configCheck: { schema, config } };
  if (found.kind === "executable" || found.code === null) return executableOpener(home, source, configCheck);
  const spec = { kind: found.kind, name, code: found.code, limits, grants, environment, ...configCheck };
  const poolId = home.sandbox.addPool(spec, instances);
  return (observer, apart) => (apart ? home.apart.open(spec, observer) : home.sandbox.open(poolId, observer));
}

/** An executable's config is checked in the sandbox, once, before the first process starts. */
function executableOpener(
  home: GuestHome,
  { declaration, found, limits, environment: granted }: GuestSource,
  configCheck: Pick<ProgramSpec, "configCheck">,
): OpenGuest {
  const { name } = declaration;
  const { environment, processes, isolation } = home;
  const searchPath = environment["PATH"];
  const spec: ExecutableSpec = {
    kind: "executable",
    name,
    path: found.path,
    directory: found.directory,
    environment: granted,
    isAlone: !found.isFolder,
    limits,
    ...(searchPath !== undefined && { searchPath }),
  };
  const check = { kind: "config-only", name, limits, ...configCheck } as const;
  let checked = false;
  return async (observer, apart) => {
    if (!checked) await checkConfigAlone(home, check, apart);
    checked = true;
    return startExecutable({ ...spec, isolation: await isolation.of(declaration) }, observer, processes);
  };
}

async function checkConfigAlone({ sandbox, apart }: GuestHome, spec: ProgramSpec, alone: boolean): Promise<void> {
  if (spec.configCheck === undefined) return;
  const observer = { log: () => undefined };
  if (alone) {
    await (await apart.open(spec, observer)).close();
    return;
  }
  const poolId = sandbox.addPool(spec, 1);
  try {
    await sandbox.open(poolId, observer);
  } finally {
    sandbox.dropPool(poolId);
  }
}
