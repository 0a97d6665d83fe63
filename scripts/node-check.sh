#!/bin/sh
# Says in one line what is missing when the right Node cannot run. npm puts node_modules/.bin first on the PATH.
version=$(node --version 2>&1) || {
  case $version in
    *libatomic.so.1*) echo "Node 26 needs the system library libatomic.so.1. Install it (Debian, Ubuntu: apt-get install libatomic1; Alpine: apk add libatomic; Fedora: dnf install libatomic), then run this again." >&2 ;;
    *) echo "Node does not run here: $version" >&2 ;;
  esac
  exit 1
}
major=${version#v}
major=${major%%.*}
if [ "$major" -lt 26 ]; then
  echo "LLM Gateway needs Node 26 or newer; this is $version. On Linux (x64, arm64) npm ci brings it along; elsewhere install it from nodejs.org." >&2
  exit 1
fi
