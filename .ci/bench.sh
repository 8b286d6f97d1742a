#!/usr/bin/env bash
# Called by .ci/run behind the tests: a quick report of the benchmarks, as a folder of tables and charts ($1) and in the
# summary of the job. Quick figures of a shared machine are no test: it never fails. Takes two minutes at most.
set -uo pipefail
folder=$1
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
[ -f dist/bench/main.js ] || exit 0

# The budget ends it between two scopes, the timeout in the middle of one; what was measured until then is in the folder.
timeout -k 5 110 node dist/bench/main.js --quick --budget 60 --output "$folder" \
  --scope hooks --scope fan-out --scope check --scope startup --scope hard-stop >/dev/null 2>"$folder.log" ||
  { echo "the bench report is not complete:" && tail -3 "$folder.log"; } >&2
rm -f "$folder.log"
[ -f "$folder/bench.md" ] || exit 0
echo "bench report: $folder/bench.md"

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  # A summary cannot show files beside it.
  sed '/^!\[/d' "$folder/bench.md" >>"$GITHUB_STEP_SUMMARY" || echo "the job summary was not written" >&2
fi
exit 0
