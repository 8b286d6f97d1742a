/**
 * What the guard runs, for any POSIX shell. `$1` is the folder of the run. Its stdin is held open by nobody but us, so
 * its end is our end, however we died. Until then it takes lines:
 *
 * | line | meaning |
 * |---|---|
 * | `? NAME` | a provider is about to start with the socket folder NAME |
 * | `+ PID NAME` | it runs, as the leader of the process group PID |
 * | `! NAME` | it did not start |
 * | `- PID` | it has ended |
 * | `c PID` | core runs |
 * | `done` | everything is tidy: end at once |
 *
 * A process counts as the one that was announced only while its start time is the same, because ids are used again.
 * A provider that was announced and not yet known by its id when we died is found by its environment; only Linux shows
 * that. The folder goes when core has ended; should core live for an hour more, it is left.
 */
export const GUARD_SCRIPT = String.raw`
trap '' HUP INT QUIT TERM PIPE TSTP TTIN TTOU USR1 USR2
set -f
folder=$1
groups= expected= core=

born() {
  if [ -e /proc/self/stat ]; then
    line=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    set -- ${"$"}{line##*) }
    case $1 in Z|X) return 0 ;; esac
    shift 19 && echo "$1"
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '_'
  fi
}

alive() {
  [ -n "${"$"}{1#*:}" ] && [ "$(born "${"$"}{1%%:*}")" = "${"$"}{1#*:}" ]
}

without() {
  rest=
  for entry in $2; do
    case $entry in "$1"|"$1":*) ;; *) rest="$rest $entry" ;; esac
  done
}

while read -r word one two; do
  case $word in
    '?') expected="$expected $one" ;;
    '!') without "$one" "$expected"; expected=$rest ;;
    '+') groups="$groups $one:$(born "$one")"; without "$two" "$expected"; expected=$rest ;;
    '-') without "$one" "$groups"; groups=$rest ;;
    'c') core=$one:$(born "$one") ;;
    'done') exit 0 ;;
  esac
done

for entry in $groups; do
  alive "$entry" && kill -KILL "-${"$"}{entry%%:*}" 2>/dev/null
done

tries=0
while [ -n "$expected" ] && [ -e /proc/self/environ ] && [ $tries -lt 10 ]; do
  tries=$((tries + 1))
  for name in $expected; do
    set +f
    for found in $(grep -lzsxF "PLUGIN_UNIX_SOCKET_DIR=$folder/$name" /proc/[0-9]*/environ); do
      pid=${"$"}{found#/proc/}
      pid=${"$"}{pid%/environ}
      kill -KILL "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null
      without "$name" "$expected"
      expected=$rest
    done
    set -f
  done
  sleep 0.05 2>/dev/null || sleep 1
done

waited=0
while [ -n "$core" ] && alive "$core"; do
  waited=$((waited + 1))
  [ $waited -gt 3600 ] && exit 0
  if [ $waited -lt 50 ]; then sleep 0.1 2>/dev/null || sleep 1; else sleep 1; fi
done

set +f
for link in "$folder"/p*/outside; do
  [ -S "$link" ] && rm -f -- "$(readlink "$link")"
done
case $folder in */airlock-*) rm -rf -- "$folder" ;; esac
`;
