# Starts the built gateway: `npm start`, the image and the bench alike.
#
# What glibc gives back to the system is tuned for a program that rests most of the time: without these it keeps some 10 MB that
# a start or a large request once needed. --expose-gc lets the gateway clear up after its start.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}" MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-131072}"
exec node --expose-gc "$(dirname "$0")/../dist/main.js" "$@"
