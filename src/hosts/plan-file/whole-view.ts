import { formatSize } from "../../base/size-text.js";
import { MAX_MESSAGE_BYTES } from "../../declare/declaration.js";
import type { AirlockEvent, ResourceView, Run } from "../../protocol/events.js";
import type { StageHook } from "../../protocol/hooks.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import type { ResourceList } from "./plan-file.js";
import type { Metadata } from "./planned-resource.js";

/** As values, all resources take many times what their text takes. */
const MAX_VALUES_TEXT = MAX_MESSAGE_BYTES / 4;

function tooLarge(bytes: number): ProtocolError {
  return new ProtocolError(
    "PROTOCOL_MESSAGE_TOO_LARGE",
    `the whole of the plan is over ${formatSize(bytes)} as one message`,
    {
      remedy: "Let the integration judge the resources of so large a plan one by one: post-plan-resource.",
    },
  );
}

/**
 * The event of a stage that sees all resources. They are read when somebody asks for them; more than any message may hold is a
 * `ProtocolError` (PROTOCOL_MESSAGE_TOO_LARGE) for whoever asks.
 */
export function wholeView(
  hook: StageHook,
  run: Run,
  resources: ResourceList,
  metadataOf: (address: string) => Metadata,
): AirlockEvent {
  let views: ResourceView[] | undefined;

  function* texts(limit: number): Generator<string, void, undefined> {
    let length = 0;
    for (const listed of resources) {
      const resource = listed.open();
      const text = resource.viewText(metadataOf(resource.address));
      length += text.length;
      if (length > limit) throw tooLarge(limit);
      yield text;
    }
  }

  return {
    hook,
    params: {
      run,
      get resources() {
        return (views ??= [...texts(MAX_VALUES_TEXT)].map((text) => JSON.parse(text) as ResourceView));
      },
    },
    text: () => `{"run":${JSON.stringify(run)},"resources":[${[...texts(MAX_MESSAGE_BYTES)].join(",")}]}`,
  };
}
