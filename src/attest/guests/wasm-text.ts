/** Where things stand in the first pages of a guest's memory, in bytes. */
const SCRATCH = 0;
export const TEXTS = 1_024;
export const INPUT = 65_536;
const INPUT_BYTES = 65_536;
export const OUTPUT = INPUT + INPUT_BYTES;

/** Writes to the answer, and finds texts in the line that was read. */
export const TEXT_FUNCTIONS = `
(global $length (mut i32) (i32.const 0))
(global $end (mut i32) (i32.const ${OUTPUT}))
(global $raw (mut i32) (i32.const 0))
(func $put (param $from i32) (param $size i32)
  (memory.copy (global.get $end) (local.get $from) (local.get $size))
  (global.set $end (i32.add (global.get $end) (local.get $size))))
(func $repeat (param $from i32) (param $size i32) (param $times i32)
  (loop $next
    (call $put (local.get $from) (local.get $size))
    (local.set $times (i32.sub (local.get $times) (i32.const 1)))
    (br_if $next (local.get $times))))
(func $putNumber (param $value i32)
  (if (i32.ge_u (local.get $value) (i32.const 10))
    (then (call $putNumber (i32.div_u (local.get $value) (i32.const 10)))))
  (i32.store8 (global.get $end) (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
  (global.set $end (i32.add (global.get $end) (i32.const 1))))
;; The address behind the first place where the line has this text; 0 where it has none.
(func $find (param $text i32) (param $size i32) (result i32) (local $at i32) (local $same i32)
  (local.set $at (i32.const ${INPUT}))
  (block $none
    (loop $next
      (br_if $none (i32.gt_u (i32.add (local.get $at) (local.get $size)) (i32.add (i32.const ${INPUT}) (global.get $length))))
      (local.set $same (i32.const 0))
      (block $other
        (loop $more
          (br_if $other (i32.ne (i32.load8_u (i32.add (local.get $at) (local.get $same)))
                                (i32.load8_u (i32.add (local.get $text) (local.get $same)))))
          (local.set $same (i32.add (local.get $same) (i32.const 1)))
          (br_if $more (i32.lt_u (local.get $same) (local.get $size))))
        (return (i32.add (local.get $at) (local.get $size))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
  (i32.const 0))`;

/** Reads a line from standard input, answers it on standard output, until the end of input. */
export const COMMAND = `
(func (export "_start") (local $at i32)
  (call $top)
  (loop $line
    (local.set $at (i32.const ${INPUT}))
    (loop $byte
      (i32.store (i32.const ${SCRATCH}) (local.get $at))
      (i32.store (i32.const ${SCRATCH + 4}) (i32.const 1))
      ;; A host whose input does not block says so by an error: try again.
      (br_if $byte (call $fd_read (i32.const 0) (i32.const ${SCRATCH}) (i32.const 1) (i32.const ${SCRATCH + 8})))
      (if (i32.eqz (i32.load (i32.const ${SCRATCH + 8}))) (then (return)))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 10))
        (then (local.set $at (i32.add (local.get $at) (i32.const 1))) (br $byte))))
    (global.set $length (i32.sub (local.get $at) (i32.const ${INPUT})))
    (call $respond)
    (if (i32.gt_u (global.get $end) (i32.const ${OUTPUT})) (then (i32.store8 (global.get $end) (i32.const 10))
      (call $write (i32.const 1) (i32.const ${OUTPUT}) (i32.add (i32.const 1) (i32.sub (global.get $end) (i32.const ${OUTPUT}))))))
    (br $line)))
(func $write (param $file i32) (param $from i32) (param $size i32)
  (i32.store (i32.const ${SCRATCH}) (local.get $from))
  (i32.store (i32.const ${SCRATCH + 4}) (local.get $size))
  (drop (call $fd_write (local.get $file) (i32.const ${SCRATCH}) (i32.const 1) (i32.const ${SCRATCH + 8}))))`;

/** Answers the input of a call with its output. */
export const PLUG_IN = `
(func (export "_initialize") (call $top))
(func $block (param $from i32) (param $size i32) (result i64) (local $at i64) (local $done i32)
  (local.set $at (call $alloc (i64.extend_i32_u (local.get $size))))
  (block $end
    (loop $next
      (br_if $end (i32.ge_u (local.get $done) (local.get $size)))
      (call $store_u8 (i64.add (local.get $at) (i64.extend_i32_u (local.get $done)))
        (i32.load8_u (i32.add (local.get $from) (local.get $done))))
      (local.set $done (i32.add (local.get $done) (i32.const 1)))
      (br $next)))
  (local.get $at))
(func (export "handle") (result i32) (local $at i32)
  (global.set $length (i32.wrap_i64 (call $input_length)))
  (block $end
    (loop $next
      (br_if $end (i32.ge_u (local.get $at) (global.get $length)))
      (i32.store8 (i32.add (i32.const ${INPUT}) (local.get $at)) (call $input_load_u8 (i64.extend_i32_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
  (call $respond)
  (local.set $at (i32.sub (global.get $end) (i32.const ${OUTPUT})))
  (call $output_set (call $block (i32.const ${OUTPUT}) (local.get $at)) (i64.extend_i32_u (local.get $at)))
  (i32.const 0))`;
