#!/bin/sh
# Installs the commit hooks in a checkout; does nothing in a package, a container or CI.
[ -d .git ] && [ -z "$CI" ] && [ -x node_modules/.bin/lefthook ] || exit 0
node_modules/.bin/lefthook install >/dev/null 2>&1 || true
