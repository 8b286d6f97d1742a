import { startExecutable } from "../../runtimes/executable/executable-guest.js";
import type { ExecutableSpec, Guest, GuestObserver, GuestProcesses } from "../../runtimes/guest.js";
import type { IntegrationDeclaration } from "../declare/declaration.js";
import { grantedEnvironment } from "../package/environment.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import type { Limits } from "../protocol/limits.js";
import type { ProgramSpec } from "../sandbox/messages.js";
import type { Sandbox } from "../sandbox/sandbox.js";
import type { Isolation } from "./isolation.js";

/** Opens a fresh guest of one integration. */
export type OpenGuest = (observer: GuestObserver) => Promise<Guest>;

/** Where guests come to life. */
export interface GuestHome {
  readonly sandbox: Sandbox;
  /** What granted environment variables are taken from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly processes?: GuestProcesses | undefined;
  readonly isolation: Isolation;
}

/** What is known of an integration before its first guest. */
export interface GuestSource {
  readonly declaration: IntegrationDeclaration;
  readonly found: IntegrationPackage;
  readonly limits: Limits;
  /** How many guests may run at once. */
  readonly instances: number;
}

/** Makes room for guests of one integration, in the sandbox or as processes of their own. */
export function guestOpener(home: GuestHome, source: GuestSource): OpenGuest {
  const { declaration, found, limits, instances } = source;
  const { name, grants, config } = declaration;
  const schema = found.manifest?.config_schema;
  const configCheck = schema === undefined ? {} : { configCheck: { schema, config } };
  if (found.kind === "executable" || found.code === null) return executableOpener(home, source, configCheck);
  const spec = { kind: found.kind, name, code: found.code, limits, grants, ...configCheck };
  const poolId = home.sandbox.addPool(spec, instances);
  return (observer) => home.sandbox.open(poolId, observer);
}

/** An executable's config is checked in the sandbox, once, before the first process starts. */
function executableOpener(
  { sandbox, environment, processes, isolation }: GuestHome,
  { declaration, found, limits }: GuestSource,
  configCheck: Pick<ProgramSpec, "configCheck">,
): OpenGuest {
  const { name, grants } = declaration;
  const searchPath = environment["PATH"];
  const spec: ExecutableSpec = {
    kind: "executable",
    name,
    path: found.path,
    directory: found.directory,
    environment: grantedEnvironment(grants, environment),
    isAlone: !found.isFolder,
    limits,
    ...(searchPath !== undefined && { searchPath }),
  };
  let checked: Promise<void> | undefined;
  return async (observer) => {
    checked ??= checkConfigAlone(sandbox, { kind: "config-only", name, limits, ...configCheck });
    await checked;
    return startExecutable({ ...spec, isolation: await isolation.of(declaration) }, observer, processes);
  };
}

async function checkConfigAlone(sandbox: Sandbox, spec: ProgramSpec): Promise<void> {
  if (spec.configCheck === undefined) return;
  const poolId = sandbox.addPool(spec, 1);
  try {
    await sandbox.open(poolId, { log: () => undefined });
  } finally {
    sandbox.dropPool(poolId);
  }
}
