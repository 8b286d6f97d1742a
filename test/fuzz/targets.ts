import type { FuzzTarget } from "./target.js";
import { answers } from "./targets/answers.js";
import { declarationsHcl, declarationsJson } from "./targets/declarations.js";
import { headerBlocks, relay, relayMessages } from "./targets/http2.js";
import { lines } from "./targets/lines.js";
import { manifest } from "./targets/manifest.js";
import { msgpackRestore, msgpackSkip, msgpackSplice, values } from "./targets/msgpack.js";
import { archiveBytes, archiveEntries, bundles } from "./targets/packages.js";
import { plan } from "./targets/plan.js";
import { privateBytes } from "./targets/private-bytes.js";
import { privateField, schemas, suffixes } from "./targets/protobuf.js";
import { framesToChild, framesToParent } from "./targets/sandbox-frames.js";
import { jsonText, stateEdit } from "./targets/state-text.js";
import { wasmBytes, wasmLimit } from "./targets/wasm-limit.js";

/** All that is fuzzed. */
export const TARGETS: readonly FuzzTarget[] = [
  lines,
  framesToParent,
  framesToChild,
  answers,
  manifest,
  archiveBytes,
  archiveEntries,
  bundles,
  declarationsHcl,
  declarationsJson,
  privateField,
  suffixes,
  schemas,
  msgpackSplice,
  msgpackRestore,
  msgpackSkip,
  values,
  privateBytes,
  headerBlocks,
  relay,
  relayMessages,
  plan,
  jsonText,
  stateEdit,
  wasmLimit,
  wasmBytes,
];
