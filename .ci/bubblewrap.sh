# Sourced by .ci/run: puts bubblewrap on this machine for tests of isolated executables. They are skipped where it does not
# work; with AIRLOCK_REQUIRE_BWRAP=1 they fail instead.

if ! command -v bwrap >/dev/null && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq bubblewrap || echo "bubblewrap could not be installed" >&2
fi
bwrap --unshare-user --unshare-pid --unshare-net --ro-bind / / --proc /proc --dev /dev true ||
  echo "bubblewrap does not work here: tests of isolated executables are SKIPPED" >&2
