/**
 * Runs in the guest's engine before the guest's own code: gives it `airlock` and `console`, and a deterministic `Date`
 * and `Math.random`. It keeps what it needs of the built-ins in its own variables, since a guest may replace those.
 * It is one function expression of the host's functions; its value is `describe`, which turns whatever was thrown
 * into bounded text inside the engine, so that no oversized message is ever copied out.
 */
export const PRELUDE = `(function (host, options) {
  "use strict";
  const call = Function.prototype.call;
  const slice = call.bind(String.prototype.slice);
  const stringify = JSON.stringify;
  const construct = Reflect.construct;
  const text = String;
  const RealError = Error;

  const show = (value) => {
    if (typeof value === "string") return value;
    try {
      if (value instanceof RealError) return text(value);
      if (typeof value === "object" && value !== null) return stringify(value) ?? text(value);
      return text(value);
    } catch {
      return "(a value that cannot be shown)";
    }
  };
  const line = (level) => (...values) => {
    let message = "";
    for (let index = 0; index < values.length && message.length <= options.logCharacters; index += 1) {
      message += (index === 0 ? "" : " ") + show(values[index]);
    }
    host.log(level, slice(message, 0, options.logCharacters));
  };
  const define = (target, name, value) => {
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
  };
  define(globalThis, "console", {
    log: line("info"), info: line("info"), warn: line("warn"), error: line("error"), debug: line("debug"),
  });
  define(globalThis, "airlock", Object.freeze({
    serve: (handler) => host.serve(handler),
    send: (message) => host.send(message),
    request: (message) => host.request(message),
  }));

  if (!options.clock) {
    const RealDate = Date;
    let now = options.epoch;
    const tick = () => (now += 1);
    const FakeDate = function Date(...parts) {
      if (new.target === undefined) return text(new RealDate(tick()));
      return construct(RealDate, parts.length === 0 ? [tick()] : parts, new.target);
    };
    FakeDate.prototype = RealDate.prototype;
    define(FakeDate, "now", tick);
    define(FakeDate, "parse", RealDate.parse);
    define(FakeDate, "UTC", RealDate.UTC);
    Object.defineProperty(FakeDate, "length", { value: 7, configurable: true });
    define(FakeDate.prototype, "constructor", FakeDate);
    define(globalThis, "Date", FakeDate);
  }
  if (!options.random) {
    // mulberry32 with a fixed seed: the same sequence in every instance.
    const imul = Math.imul;
    let state = 0x9e3779b9;
    define(Math, "random", () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    });
  }

  return (thrown, field) => {
    try {
      const value = field === "" ? show(thrown) : thrown[field];
      return typeof value === "string" ? slice(value, 0, options.messageCharacters) : "";
    } catch {
      return "";
    }
  };
})`;
