/**
 * What the guard runs, for any POSIX shell. `$1` is the folder of the run, `$2` where old providers put their sockets. Its
 * stdin is held open by nobody but us, so its end is our end, however we died. Until then it takes lines:
 *
 * | line | meaning |
 * |---|---|
 * | `? NAME` | a provider is about to start with the socket folder NAME |
 * | `+ PID NAME` | it runs, as the leader of the process group PID; without NAME: another group that must not outlive us |
 * | `! NAME` | it did not start |
 * | `- PID` | it has ended |
 * | `c PID` | core runs |
 * | `done` | everything is tidy: end at once |
 *
 * A process counts as the one that was announced only while its start time is the same, because ids are used again. Of
 * one that has just ended, the rest of its group is killed: as long as there is a rest, nobody else gets its id.
 * A provider that was announced and not yet known by its id when we died is found by its environment; only Linux shows
 * that. Linux also shows which sockets in `$2` are of a provider that had not said so yet. The folder goes when core has
 * ended; should core live for an hour more, it is left.
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

# Kills a group, and removes the sockets of its leader that lie elsewhere.
end() {
  kill -STOP "-$1" 2>/dev/null
  held=" "
  set +f
  for fd in "/proc/$1/fd"/*; do
    to=$(readlink "$fd" 2>/dev/null) || continue
    case $to in socket:*) to=${"$"}{to#*"["}; held="$held${"$"}{to%"]"} " ;; esac
  done
  set -f
  if [ "$held" != " " ] && [ -r /proc/net/unix ]; then
    while read -r a b c d e f inode path; do
      case $held in *" $inode "*) ;; *) continue ;; esac
      case $path in /*/plugin*) [ -S "$path" ] && rm -f -- "$path" ;; esac
    done < /proc/net/unix
  fi
  kill -KILL "-$1" 2>/dev/null || kill -KILL "$1" 2>/dev/null
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

# The oldest folder of a provider that has not said where it listens.
starting=
set +f
for own in "$folder"/p*; do
  said=
  for socket in "$own"/*; do [ -S "$socket" ] && said=1; done
  if [ -d "$own" ] && [ -z "$said" ]; then
    if [ -z "$starting" ] || [ "$own" -ot "$starting" ]; then starting=$own; fi
  fi
done
set -f

for entry in $groups; do
  now=$(born "${"$"}{entry%%:*}")
  if [ -z "$now" ] || [ "$now" = "${"$"}{entry#*:}" ]; then end "${"$"}{entry%%:*}"; fi
done

tries=0
while [ -n "$expected" ] && [ -e /proc/self/environ ] && [ $tries -lt 10 ]; do
  tries=$((tries + 1))
  for name in $expected; do
    set +f
    for found in $(grep -lzsxF "PLUGIN_UNIX_SOCKET_DIR=$folder/$name" /proc/[0-9]*/environ); do
      pid=${"$"}{found#/proc/}
      end "${"$"}{pid%/environ}"
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

# It ends by itself when it says so and nobody reads that, and leaves its socket, or the empty file that it made first.
if [ -n "$starting" ] && [ -r /proc/net/unix ]; then
  # What was killed must be gone, or it still seems to listen.
  sleep 0.2 2>/dev/null || sleep 1
  find "$2" -maxdepth 1 '(' -type s -o -type f -size 0 ')' -name 'plugin[0-9]*' -user "$(id -u)" -newer "$starting" 2>/dev/null |
    while read -r path; do
      bound=
      while read -r a b c d e f inode other; do
        case $other in */"${"$"}{path##*/}") bound=1 ;; esac
      done < /proc/net/unix
      [ -z "$bound" ] && rm -f -- "$path"
    done
fi

set +f
for link in "$folder"/p*/outside; do
  [ -S "$link" ] && rm -f -- "$(readlink "$link")"
done
case $folder in */airlock-*) rm -rf -- "$folder" ;; esac
`;
