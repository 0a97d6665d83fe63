"""Starts Home Assistant Core for a test: nothing leaves this machine, and it ends with whoever started it.

Usage: run_core.py PARENT_PID [arguments of hass…]
"""

import ctypes
import logging
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

NO_PACKET_YET = ("224.0.0.251", "8.8.8.8")
"""Core learns its own address by pointing a datagram socket at these; port 1, and nothing is sent."""


def end_with(parent: int) -> None:
    """Asks the system to kill this process when its parent is gone, however that ended."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("whoever started this is gone")


def stay(event: str, arguments: tuple[object, ...]) -> None:
    """Refuses connections to other machines."""
    if event not in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        return
    address = arguments[1]
    if not isinstance(address, tuple):
        return
    host, port = str(address[0]), address[1]
    if host.startswith("127.") or host == "::1" or (host in NO_PACKET_YET and port == 1):
        return
    print(f"LEAVES THIS MACHINE: {event} to {host}:{port}", file=sys.stderr, flush=True)
    raise OSError(f"{host} is not this machine")


def run() -> int:
    """Runs Core to its end."""
    import homeassistant.bootstrap
    from homeassistant.__main__ import main

    # Its first act is a download.
    homeassistant.bootstrap.DEFAULT_INTEGRATIONS.discard("marketplace")
    return int(main())


if __name__ == "__main__":
    end_with(int(sys.argv.pop(1)))
    sys.addaudithook(stay)
    code = run()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # All is written and closed: what Python would tidy up now, object by object, is nobody's any more, and takes seconds.
    os._exit(code)
