import { EncodedParams } from "../protocol/encode.js";
import { isResourceEvent } from "../protocol/events.js";
import type { AirlockEvent, MigrationParams, StoredInfo } from "../protocol/events.js";
import { METHOD_MIGRATE } from "../protocol/messages.js";
import type { Verdict } from "../protocol/verdict.js";
import type { Integration } from "./integration.js";
import { RuntimeError } from "./runtime-error.js";

/** What an integration stored for a resource in earlier runs. */
interface OwnData {
  readonly data: Readonly<Record<string, unknown>>;
  /** The `metadata_version` that it was stored with. */
  readonly version: number;
}

function ownData(integration: Integration, event: AirlockEvent): OwnData | null {
  if (!isResourceEvent(event) || event.stored === undefined) return null;
  const data = new Map(Object.entries(event.params.metadata)).get(integration.name);
  return data === undefined ? null : { data, version: event.stored.versions.get(integration.name) ?? 0 };
}

/** Whether what it stored must be brought into today's form before it sees the event. */
export function needsMigration(integration: Integration, event: AirlockEvent): boolean {
  const own = ownData(integration, event);
  return own !== null && own.version < integration.metadataVersion;
}

/** Throws RUNTIME_METADATA_NEWER where a newer version of the integration stored the data than the one that runs. */
export function checkVersion(integration: Integration, event: AirlockEvent): void {
  const own = ownData(integration, event);
  if (own === null || own.version <= integration.metadataVersion) return;
  throw new RuntimeError(
    "RUNTIME_METADATA_NEWER",
    `its metadata of this resource has version ${own.version}, and it knows up to ${integration.metadataVersion}`,
    { remedy: "Update the integration, or remove what is stored: airlock metadata rm." },
  );
}

/** Params of the call that brings what it stored into today's form. */
export function migrationParams(integration: Integration, event: AirlockEvent): EncodedParams {
  const own = ownData(integration, event);
  if (own === null || !isResourceEvent(event)) throw new Error(`${METHOD_MIGRATE} without anything stored`);
  const { run, address, type } = event.params;
  const params: MigrationParams = {
    run,
    address,
    type,
    from: own.version,
    to: integration.metadataVersion,
    metadata: own.data,
  };
  return new EncodedParams(JSON.stringify(params));
}

/**
 * Throws RUNTIME_METADATA_TOO_LARGE for more than the integration may store for one resource, and what the host says
 * where there is no place to store anything.
 */
export function checkStorable(integration: Integration, event: AirlockEvent, { metadata }: Verdict): void {
  if (metadata === undefined || !isResourceEvent(event)) return;
  const stored: StoredInfo | undefined = event.stored;
  if (stored !== undefined && stored.refusal !== null) throw stored.refusal;
  if (metadata === null) return;
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  const most = integration.metadataBytes;
  if (bytes <= most) return;
  throw new RuntimeError(
    "RUNTIME_METADATA_TOO_LARGE",
    `it attached ${bytes} bytes of metadata to one resource; at most ${most} are stored`,
    { remedy: "The integration must keep less of each resource." },
  );
}
