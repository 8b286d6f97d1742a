import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { REQUIRED_TAGS, isTagged, resourceEvent, resourceValues } from "../../bench/resources.js";
import { ResourceParamsSchema } from "../../src/protocol/events.js";

const index = fc.integer({ min: 0, max: 100_000 });

describe("a generated resource", () => {
  it("takes exactly the bytes that it is asked to take", () => {
    fc.assert(
      fc.property(index, fc.boolean(), fc.integer({ min: 1_000, max: 5_000 }), (at, tagged, bytes) => {
        expect(Buffer.byteLength(JSON.stringify(resourceValues(at, tagged, bytes)))).toBe(bytes);
      }),
    );
  });

  it("refuses fewer bytes than it needs", () => {
    expect(() => resourceValues(1, true, 100)).toThrow(RangeError);
  });

  it("is the same every time", () => {
    expect(resourceValues(7, true, 1_024)).toEqual(resourceValues(7, true, 1_024));
  });

  it("has every required tag when it is tagged, and lacks one otherwise", () => {
    const missing = (tagged: boolean): string[] => {
      const { tags } = v.parse(v.object({ tags: v.record(v.string(), v.string()) }), resourceValues(5, tagged, 1_024));
      return REQUIRED_TAGS.filter((tag) => !(tag in tags));
    };
    expect(missing(true)).toEqual([]);
    expect(missing(false)).toHaveLength(1);
  });

  it("is tagged nine times of ten", () => {
    expect(Array.from({ length: 1_000 }, (_, at) => isTagged(at)).filter(Boolean)).toHaveLength(900);
  });
});

describe("a generated event", () => {
  it("has params of exactly the bytes that are asked for, as the protocol wants them", () => {
    fc.assert(
      fc.property(index, (at) => {
        const { params } = resourceEvent(at, 1_024);
        expect(Buffer.byteLength(JSON.stringify(params))).toBe(1_024);
        expect(v.parse(ResourceParamsSchema, params)).toEqual(params);
      }),
    );
  });
});
