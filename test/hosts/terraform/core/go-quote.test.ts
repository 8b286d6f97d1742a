import { expect, it } from "vitest";
import { goQuote } from "../../../../src/hosts/terraform/core/go-quote.js";

// What strconv.Quote of Go gives.
it.each([
  ["/tmp/a b.plan", `"/tmp/a b.plan"`],
  [`a"b\\c`, `"a\\"b\\\\c"`],
  ["\u0007\b\f\n\r\t\v", `"\\a\\b\\f\\n\\r\\t\\v"`],
  ["\u0001\u001b\u007f", `"\\x01\\x1b\\x7f"`],
  ["ä日🙂", `"ä日🙂"`],
  ["\u00a0\u200b\u2028", `"\\u00a0\\u200b\\u2028"`],
  ["\u{e0001}", `"\\U000e0001"`],
  ["", `""`],
])("%j is quoted as Go does", (text, quoted) => {
  expect(goQuote(text)).toBe(quoted);
});
