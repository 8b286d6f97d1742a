# Sourced by .ci/run: puts a Go on PATH that can build test/tools. Needs apt-get when there is none at all.

# Go 1.21 and newer fetch the toolchain that a go.mod asks for by themselves, unless told to be "local".
export GOTOOLCHAIN=auto

if ! command -v go >/dev/null && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq golang-go || echo "go could not be installed" >&2
fi

# The Go of a distribution may be older: then it fetches the newest toolchain needed as the module that it is.
if command -v go >/dev/null && go version | grep -qE 'go1\.([0-9]|1[0-9]|20)([^0-9]|$)'; then
  newest=$(sed -n 's/^go //p' test/tools/*/go.mod test/tools/*/*/go.mod | sort -V | tail -1)
  toolchain="golang.org/toolchain@v0.0.1-go$newest.$(go env GOOS)-$(go env GOARCH)"
  # Outside any module, whose go.mod an old Go might not understand.
  fetched=$(cd / && go mod download -json "$toolchain" | sed -n 's/^\s*"Dir": "\(.*\)",\{0,1\}$/\1/p')
  if [ -d "$fetched" ]; then
    # A module's files are not executable.
    chmod -R u+x "$fetched/bin" "$fetched/pkg/tool"
    export PATH="$fetched/bin:$PATH"
  else
    echo "$toolchain could not be fetched" >&2
  fi
fi
command -v go >/dev/null && go version
