/** Frame types, flags, settings and error codes of HTTP/2: RFC 9113, sections 6 and 7. */
export const FrameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const Flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

export const Setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

export const ErrorCode = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  enhanceYourCalm: 11,
} as const;

/** What a client sends before its first frame. */
export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
/** Bytes of a frame's header. */
export const FRAME_HEADER = 9;
/** Largest payload in bytes of a frame in either direction: the protocol's default, which nobody may go below. */
export const MAX_FRAME = 16_384;
/** What a flow-control window starts with, in bytes, and the most it may hold. */
export const DEFAULT_WINDOW = 65_535;
export const MAX_WINDOW = 0x7fff_ffff;

/** A peer broke a rule so that its connection cannot go on; `http2Code` goes into the GOAWAY. */
export class ConnectionFault extends Error {
  readonly http2Code: number;

  constructor(http2Code: number, message: string) {
    super(message);
    this.http2Code = http2Code;
  }
}
