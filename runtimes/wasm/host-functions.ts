/** The namespace of Extism's host functions. */
export const EXTISM_NAMESPACE = "extism:host/env";
/** The namespace in which Extism's hosts offer functions of their own. */
export const USER_NAMESPACE = "extism:host/user";
/** The namespace of WASI preview 1. */
export const WASI_NAMESPACE = "wasi_snapshot_preview1";

/** Every function that a plug-in may import from Extism (https://github.com/extism/extism/blob/main/kernel/src/lib.rs). */
export const EXTISM_FUNCTIONS = [
  "alloc",
  "config_get",
  "error_get",
  "error_set",
  "free",
  "get_log_level",
  "http_headers",
  "http_request",
  "http_status_code",
  "input_length",
  "input_load_u64",
  "input_load_u8",
  "input_offset",
  "length",
  "length_unsafe",
  "load_u64",
  "load_u8",
  "log_debug",
  "log_error",
  "log_info",
  "log_trace",
  "log_warn",
  "output_length",
  "output_offset",
  "output_set",
  "store_u64",
  "store_u8",
  "var_get",
  "var_set",
] as const;
/** What plug-ins may import from us: the address of a request's line in, that of the answer out; 0 when it was no request. */
export const USER_FUNCTIONS = ["airlock_request"] as const;
export type UserFunction = (typeof USER_FUNCTIONS)[number];
export type ExtismFunction = (typeof EXTISM_FUNCTIONS)[number];

/** Every function of preview1 (https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#functions). */
export const WASI_FUNCTIONS = [
  "args_get",
  "args_sizes_get",
  "clock_res_get",
  "clock_time_get",
  "environ_get",
  "environ_sizes_get",
  "fd_advise",
  "fd_allocate",
  "fd_close",
  "fd_datasync",
  "fd_fdstat_get",
  "fd_fdstat_set_flags",
  "fd_fdstat_set_rights",
  "fd_filestat_get",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "fd_pread",
  "fd_prestat_dir_name",
  "fd_prestat_get",
  "fd_pwrite",
  "fd_read",
  "fd_readdir",
  "fd_renumber",
  "fd_seek",
  "fd_sync",
  "fd_tell",
  "fd_write",
  "path_create_directory",
  "path_filestat_get",
  "path_filestat_set_times",
  "path_link",
  "path_open",
  "path_readlink",
  "path_remove_directory",
  "path_rename",
  "path_symlink",
  "path_unlink_file",
  "poll_oneoff",
  "proc_exit",
  "proc_raise",
  "random_get",
  "sched_yield",
  "sock_accept",
  "sock_recv",
  "sock_send",
  "sock_shutdown",
] as const;
export type WasiFunction = (typeof WASI_FUNCTIONS)[number];

/** What a plug-in exports to be called. */
export const PLUG_IN_ENTRY = "handle";
/** What a command exports to be run. */
export const COMMAND_ENTRY = "_start";
