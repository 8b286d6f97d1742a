import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { ManifestSchema } from "../../src/package/manifest.js";
import { MigrationParamsSchema, PARAMS_SCHEMAS } from "../../src/protocol/events.js";
import {
  FetchParamsSchema,
  FetchResultSchema,
  ReadFileParamsSchema,
  ReadFileResultSchema,
} from "../../src/protocol/host-requests.js";
import { InitializeParamsSchema, InitializeResultSchema } from "../../src/protocol/initialize.js";
import { LogParamsSchema } from "../../src/protocol/messages.js";
import { MigratedSchema, VerdictSchema } from "../../src/protocol/verdict.js";
import { AttestReportSchema } from "../../src/report/attest-report.js";
import { CheckReportSchema } from "../../src/report/check-report.js";
import { ShowSchema } from "../../src/report/show-schema.js";
import { TrialReportSchema } from "../../src/report/trial-report.js";

type AnySchema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

interface SchemaFile {
  readonly schema: AnySchema;
  /** What a writer gives (defaults may be left out), or what a reader gets. */
  readonly mode: "input" | "output";
}

const FILES: Readonly<Record<string, SchemaFile>> = {
  "attest-report": { schema: AttestReportSchema, mode: "output" },
  "bench-report": { schema: TrialReportSchema, mode: "output" },
  "check-report": { schema: CheckReportSchema, mode: "output" },
  "files-read-params": { schema: ReadFileParamsSchema, mode: "input" },
  "files-read-result": { schema: ReadFileResultSchema, mode: "output" },
  "http-fetch-params": { schema: FetchParamsSchema, mode: "input" },
  "http-fetch-result": { schema: FetchResultSchema, mode: "output" },
  "initialize-params": { schema: InitializeParamsSchema, mode: "output" },
  "initialize-result": { schema: InitializeResultSchema, mode: "input" },
  "integration-manifest": { schema: ManifestSchema, mode: "input" },
  "log-params": { schema: LogParamsSchema, mode: "input" },
  "migrate-metadata-params": { schema: MigrationParamsSchema, mode: "output" },
  "migrate-metadata-result": { schema: MigratedSchema, mode: "input" },
  "provider-params": { schema: PARAMS_SCHEMAS.provider.schema, mode: "output" },
  "resource-params": { schema: PARAMS_SCHEMAS.resource.schema, mode: "output" },
  show: { schema: ShowSchema, mode: "output" },
  "stage-params": { schema: PARAMS_SCHEMAS.stage.schema, mode: "output" },
  verdict: { schema: VerdictSchema, mode: "input" },
};

/** The JSON Schema files of docs/schemas for authors in other languages: file name to text. */
export function schemaFiles(): Map<string, string> {
  const files = Object.entries(FILES).map(([name, { schema, mode }]): [string, string] => {
    // A `check` is a function; what it tests has no form in JSON Schema.
    const converted = toJsonSchema(schema, { typeMode: mode, target: "draft-2020-12", ignoreActions: ["check"] });
    return [`${name}.schema.json`, `${JSON.stringify(converted, null, 2)}\n`];
  });
  return new Map(files);
}
