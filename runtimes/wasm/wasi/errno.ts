/** The error numbers of preview1 that we answer (https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#errno). */
export const ERRNO = {
  success: 0,
  badf: 8,
  fault: 21,
  inval: 28,
  io: 29,
  nosys: 52,
  notdir: 54,
  notsock: 57,
  notsup: 58,
  spipe: 70,
  notcapable: 76,
} as const;
export type Errno = (typeof ERRNO)[keyof typeof ERRNO];
