import { CLOCK_COUNT } from "./clock.js";
import type { Clock } from "./clock.js";
import { ERRNO } from "./errno.js";
import type { Errno } from "./errno.js";
import type { GuestMemory } from "./guest-memory.js";

/** Layouts: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#subscription and #event */
const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const CLOCK_TAG = 0;
const WRITE_TAG = 2;
const ABSOLUTE = 1;
const MOST_SUBSCRIPTIONS = 4_096;

interface Subscription {
  readonly userdata: bigint;
  readonly tag: number;
  readonly error: Errno;
  /** When a clock subscription is due; null for a file. */
  readonly dueNs: bigint | null;
}

/**
 * `poll_oneoff` that never waits. Files are always ready (a read then blocks); without any file the earliest clock
 * subscriptions are, and the clock is told that it was slept until then. So a sleep returns at once.
 */
export function pollOneoff(
  memory: GuestMemory,
  clock: Clock,
  isOpen: (fd: number) => boolean,
  [input, output, count, written]: readonly [number, number, number, number],
): Errno {
  const total = count >>> 0;
  if (total === 0 || total > MOST_SUBSCRIPTIONS) return ERRNO.inval;
  // Both ranges are checked whole before anything is written.
  memory.bytes(output, total * EVENT_BYTES);
  memory.bytes(input, total * SUBSCRIPTION_BYTES);
  memory.writeU32(written, 0);
  const subscriptions = Array.from({ length: total }, (_, index) =>
    readSubscription(memory, clock, isOpen, input + index * SUBSCRIPTION_BYTES),
  );
  const due = dueNow(subscriptions, clock);
  due.forEach((subscription, index) => {
    writeEvent(memory, output + index * EVENT_BYTES, subscription);
  });
  memory.writeU32(written, due.length);
  return ERRNO.success;
}

function dueNow(subscriptions: readonly Subscription[], clock: Clock): Subscription[] {
  const ready = subscriptions.filter((subscription) => subscription.dueNs === null);
  if (ready.length > 0) return ready;
  const times = subscriptions.flatMap(({ dueNs }) => (dueNs === null ? [] : [dueNs]));
  const first = times.reduce((earliest, time) => (time < earliest ? time : earliest));
  clock.sleepUntil(first);
  return subscriptions.filter(({ dueNs }) => dueNs !== null && dueNs <= first);
}

function readSubscription(
  memory: GuestMemory,
  clock: Clock,
  isOpen: (fd: number) => boolean,
  at: number,
): Subscription {
  const userdata = memory.readU64(at);
  const tag = memory.readU8(at + 8);
  const subject = memory.readU32(at + 16);
  if (tag === CLOCK_TAG) {
    if (subject >= CLOCK_COUNT) return { userdata, tag, error: ERRNO.inval, dueNs: null };
    const timeout = memory.readU64(at + 24);
    const absolute = (memory.readU16(at + 40) & ABSOLUTE) !== 0;
    return { userdata, tag, error: ERRNO.success, dueNs: absolute ? timeout : clock.now(subject) + timeout };
  }
  if (tag > WRITE_TAG) return { userdata, tag, error: ERRNO.inval, dueNs: null };
  return { userdata, tag, error: isOpen(subject) ? ERRNO.success : ERRNO.badf, dueNs: null };
}

function writeEvent(memory: GuestMemory, at: number, subscription: Subscription): void {
  memory.bytes(at, EVENT_BYTES).fill(0);
  memory.writeU64(at, subscription.userdata);
  memory.writeU16(at + 8, subscription.error);
  memory.writeU8(at + 10, subscription.tag);
  if (subscription.tag !== CLOCK_TAG && subscription.error === ERRNO.success) memory.writeU64(at + 16, 1n);
}
