import { initialize, request, resource } from "./harness.js";

const CONFIG = { required_tags: ["owner", "cost-center"] };

/** What a planned resource may look like, by what it is about. */
const decisions: Record<string, Record<string, unknown>> = {
  "all tags": { after: { tags: { owner: "me", "cost-center": "42" } } },
  "more tags than asked for": { after: { tags: { owner: "me", "cost-center": "42", team: "x" } } },
  "one missing": { after: { tags: { owner: "me" } } },
  "all missing": { after: { tags: {} } },
  "no tags set": { after: { tags: null } },
  "an empty tag": { after: { tags: { owner: "", "cost-center": null } } },
  "a tag that is no text": { after: { tags: { owner: 0, "cost-center": false } } },
  "no such attribute": { after: { name: "x" } },
  "no value at all": { after: null },
  "a value that is no object": { after: "(sensitive value)" },
  "a list of tags": { after: { tags: [{ key: "owner", value: "me" }] } },
  "a sensitive map": { after: { tags: "(sensitive value)" } },
  "one unknown": { after: { tags: { owner: "me" } }, after_unknown: { tags: { "cost-center": true } } },
  "one unknown, one missing": { after: { tags: {} }, after_unknown: { tags: { owner: true } } },
  "all unknown": { after: {}, after_unknown: { tags: true } },
  "the whole resource unknown": { after: {}, after_unknown: true },
  "unknown false": { after: { tags: { owner: "a" } }, after_unknown: { tags: { owner: false, "cost-center": false } } },
  "a key of the prototype": { after: { tags: { constructor: "x" } } },
  update: { action: "update", before: {}, after: { tags: {} } },
  replace: { action: "replace", before: {}, after: { tags: {} } },
  delete: { action: "delete", before: { tags: {} }, after: null },
  "no-op": { action: "no-op", after: { tags: {} } },
  read: { action: "read", mode: "data", after: { tags: {} } },
  "text of every kind": {
    after: { tags: { owner: '\u00fc\u4e2d\ud83d\ude00\u2028\u0000\u001f"\\/\b\f\n\r\t<>&\u007f' } },
  },
};

const odd = 'ow"ner\\ \u00fc\u4e2d\ud83d\ude00\u2028\u2029\u0001\u001f\b\f\n\r\t<>&\u007f/';

/**
 * Every conversation that all forms of `required-tags` must answer with the same bytes, one line for each.
 * Between two of them goes a `shutdown`, after which an integration is as fresh as at its start.
 */
export const VECTORS: Readonly<Record<string, readonly string[]>> = {
  "a whole life": [
    initialize(CONFIG),
    request(2, "ping", {}),
    ...Object.values(decisions).map((over, index) => request(index + 3, "post-plan-resource", resource(over))),
    request(900, "shutdown", {}),
    request(901, "post-plan-resource", resource()),
    initialize(CONFIG),
    request(902, "post-plan-resource", resource({ after: { tags: {} } })),
  ],
  "another attribute": [
    initialize({ ...CONFIG, attribute: "labels" }),
    request(2, "post-plan-resource", resource({ after: { labels: { owner: "me" }, tags: {} } })),
    request(3, "post-plan-resource", resource({ after: { tags: {} } })),
  ],
  "no tag required": [
    initialize({ required_tags: [] }),
    request(2, "post-plan-resource", resource({ after: { tags: {} } })),
  ],
  "names that need escapes": [
    initialize({ required_tags: [odd, "\u0001"], attribute: odd }),
    request(2, "post-plan-resource", resource({ after: { [odd]: {} } })),
    request(3, "post-plan-resource", resource({ after: { [odd]: [] } })),
    request(4, "post-plan-resource", resource({ after: { [odd]: { [odd]: "x" } } })),
    request(5, "post-plan-resource", resource({ after_unknown: { [odd]: true } })),
  ],
  "ids of every kind": [
    request('a"\u00fc', "ping", {}),
    request(null, "ping", {}),
    request(0, "ping", {}),
    request(-7, "ping", {}),
  ],
  "refused configurations": [
    initialize({}),
    initialize({ required_tags: "owner" }),
    initialize({ required_tags: ["owner", 1] }),
    initialize({ required_tags: ["owner"], attribute: null }),
    initialize({ required_tags: ["owner"], attribute: 5 }),
    request(9, "post-plan-resource", resource()),
  ],
  "refused handshakes": [
    request(1, "initialize", {}),
    request(2, "initialize", null),
    request(3, "initialize", []),
    initialize(CONFIG, { protocol_version: 2 }),
    initialize(CONFIG, { protocol_version: "1" }),
    initialize(null),
    initialize(CONFIG, { host: [] }),
    initialize(CONFIG, { integration: undefined }),
    initialize(CONFIG, { core: undefined }),
  ],
  "refused requests": [
    initialize(CONFIG),
    request(2, "pre-plan-resource", resource()),
    request(3, "constructor", {}),
    request(4, "http/fetch", {}),
    request(5, "post-plan-resource", {}),
    request(6, "post-plan-resource", null),
    request(7, "post-plan-resource", { run: {} }),
    request(8, "post-plan-resource", { run: {}, type: "x" }),
  ],
  "lines that are no requests": [
    "{",
    "nonsense",
    "[]",
    '"text"',
    "{}",
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":1,"method":5}',
  ],
  "spaces and escapes in a request": [
    ' { "jsonrpc" : "2\\u002e0" , "id" : 1 , "method" : "p\\u0069ng" , "params" : [ 1.5e+3 , true , false , null , "\\ud83d\\ude00" ] } ',
  ],
};
