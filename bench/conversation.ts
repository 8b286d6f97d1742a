import { EncodedEvent, EncodedParams, encodeRequest } from "../src/protocol/encode.js";
import { NO_GRANTS } from "../src/protocol/grants.js";
import { PROTOCOL_VERSION } from "../src/protocol/initialize.js";
import type { InitializeParams } from "../src/protocol/initialize.js";
import { HOST_NAME, HOST_VERSION } from "../src/runtime/version.js";
import type { Conversation } from "./alone.js";
import { REQUIRED_TAGS, resourceEvent } from "./resources.js";

const PARAMS: InitializeParams = {
  protocol_version: PROTOCOL_VERSION,
  host: { name: HOST_NAME, version: HOST_VERSION },
  core: null,
  integration: { name: "required_tags", scope: "project" },
  config: { required_tags: [...REQUIRED_TAGS] },
  grants: NO_GRANTS,
  environment: {},
};

/** What the runtime would say to the policy over `count` events of `bytes` bytes, as lines. */
export function conversation(count: number, bytes: number): Conversation {
  return {
    initialize: encodeRequest(1, "initialize", new EncodedParams(JSON.stringify(PARAMS))),
    calls: Array.from({ length: count }, (_, index) => {
      const event = resourceEvent(index, bytes);
      return encodeRequest(index + 2, event.hook, new EncodedEvent(event).params());
    }),
  };
}
