import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { GUEST_ERROR_CODES } from "../../runtimes/guest-error.js";
import { CLI_ERROR_CODES } from "../../src/cli/cli-error.js";
import { DECLARE_ERROR_CODES } from "../../src/declare/declare-error.js";
import { CHECK_ERROR_CODES } from "../../src/hosts/plan-file/check-error.js";
import { PLAN_ERROR_CODES } from "../../src/hosts/plan-file/plan-error.js";
import { CONFIGURATION_ERROR_CODES } from "../../src/hosts/terraform/configuration/configuration-error.js";
import { CORE_ERROR_CODES } from "../../src/hosts/terraform/core/core-error.js";
import { METADATA_ERROR_CODES } from "../../src/hosts/terraform/metadata/metadata-error.js";
import { PROVIDER_ERROR_CODES } from "../../src/hosts/terraform/providers/provider-error.js";
import { RECORDS_ERROR_CODES } from "../../src/hosts/terraform/records/records-error.js";
import { LIVE_ERROR_CODES } from "../../src/hosts/terraform/stages/live-error.js";
import { SHADOW_ERROR_CODES } from "../../src/hosts/terraform/shadow/shadow-error.js";
import { WIRE_ERROR_CODES } from "../../src/hosts/terraform/wire/wire-error.js";
import { TFPLUGIN_ERROR_CODES } from "../../src/hosts/terraform/tfplugin/tfplugin-error.js";
import { INSTALL_ERROR_CODES } from "../../src/install/install-error.js";
import { LOCK_ERROR_CODES } from "../../src/install/lock/lock-error.js";
import { SOURCE_ERROR_CODES } from "../../src/package/source/source-error.js";
import { VERSION_ERROR_CODES } from "../../src/package/version/version-error.js";
import { CACHE_ERROR_CODES } from "../../src/package/cache/cache-error.js";
import { REGISTRY_ERROR_CODES } from "../../src/package/origin/registry-error.js";
import { PACKAGE_ERROR_CODES } from "../../src/package/package-error.js";
import { SIGNATURE_ERROR_CODES } from "../../src/package/signature/signature-error.js";
import { PROTOCOL_ERROR_CODES } from "../../src/protocol/protocol-error.js";
import { REQUEST_ERROR_CODES } from "../../src/protocol/request-error.js";
import { RUNTIME_ERROR_CODES } from "../../src/runtime/runtime-error.js";
import { SANDBOX_ERROR_CODES } from "../../src/sandbox/sandbox-error.js";
import { TRIAL_ERROR_CODES } from "../../src/trial/trial-error.js";

const IN_CODE: readonly string[] = [
  ...CACHE_ERROR_CODES,
  ...CHECK_ERROR_CODES,
  ...CLI_ERROR_CODES,
  ...CONFIGURATION_ERROR_CODES,
  ...CORE_ERROR_CODES,
  ...DECLARE_ERROR_CODES,
  ...GUEST_ERROR_CODES,
  ...INSTALL_ERROR_CODES,
  ...LIVE_ERROR_CODES,
  ...LOCK_ERROR_CODES,
  ...METADATA_ERROR_CODES,
  ...PACKAGE_ERROR_CODES,
  ...PLAN_ERROR_CODES,
  ...PROTOCOL_ERROR_CODES,
  ...PROVIDER_ERROR_CODES,
  ...RECORDS_ERROR_CODES,
  ...REGISTRY_ERROR_CODES,
  ...REQUEST_ERROR_CODES,
  ...RUNTIME_ERROR_CODES,
  ...SANDBOX_ERROR_CODES,
  ...SIGNATURE_ERROR_CODES,
  ...SHADOW_ERROR_CODES,
  ...SOURCE_ERROR_CODES,
  ...TFPLUGIN_ERROR_CODES,
  ...VERSION_ERROR_CODES,
  ...TRIAL_ERROR_CODES,
  ...WIRE_ERROR_CODES,
  "INTERNAL",
];
const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
const inDocs = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code ?? "");

describe("docs/errors.md", () => {
  it("names every code, once", () => {
    expect([...inDocs].sort()).toEqual([...IN_CODE].sort());
  });
});
