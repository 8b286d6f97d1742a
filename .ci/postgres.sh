# Sourced by .ci/run: puts a PostgreSQL on this machine for live tests of the pg backend. They are skipped without one.

has_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

if ! has_postgres && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq postgresql || echo "PostgreSQL could not be installed" >&2
fi
has_postgres || echo "there is no PostgreSQL: live tests of the pg backend are SKIPPED" >&2
