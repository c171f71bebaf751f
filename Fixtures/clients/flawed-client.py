#!/usr/bin/env python3
"""kazoo's client with a flaw: `flawed-client.py FLAW`. A case that no flaw fails proves nothing."""
import os
import runpy
import sys

from kazoo.client import KazooClient
from kazoo.protocol import connection

FLAW = sys.argv[1]
Handler = connection.ConnectionHandler


def replace(owner, name, make):
    setattr(owner, name, make(getattr(owner, name)))


def asks_for_no_timeout(inner):
    return lambda self, hosts, timeout: inner(self, hosts, timeout=40)


def stays_with_one(inner):
    return lambda self, hosts, **rest: inner(self, hosts.split(",")[0], **rest)


def begins_anew(inner):
    def reset(self):
        inner(self)
        self._reset_session()
    return reset


def forgets_credentials(inner):
    def reset(self):
        inner(self)
        self.auth_data = set()
    return reset


def leaves_without_a_word(inner):
    return lambda self: self._connection._socket.close()


def asks_again(inner):
    return lambda self, *args, **rest: self.retry(inner, self, *args, **rest)


def keeps_failures_for_itself(inner):
    return lambda self, *args: None


def says_nothing(inner):
    return lambda self, *args: None


def counts_events(inner):
    def read(self, buffer, offset):
        self.client.last_zxid += 1 << 20
        return inner(self, buffer, offset)
    return read


def tells_twice(inner):
    def read(self, buffer, offset):
        watchers = dict(self.client._data_watchers)
        inner(self, buffer, offset)
        self.client._data_watchers.update(watchers)
        inner(self, buffer, offset)
    return read


FLAWS = {
    "asks-for-no-timeout": (KazooClient, "__init__", asks_for_no_timeout),
    "stays-with-one": (KazooClient, "__init__", stays_with_one),
    "begins-anew": (KazooClient, "_reset_watchers", begins_anew),
    "forgets-credentials": (KazooClient, "_reset_watchers", forgets_credentials),
    "pings-never": (Handler, "_send_ping", says_nothing),
    "leaves-without-a-word": (KazooClient, "stop", leaves_without_a_word),
    "asks-again": (KazooClient, "create", asks_again),
    "keeps-failures-for-itself": (KazooClient, "add_auth", keeps_failures_for_itself),
    "counts-events": (Handler, "_read_watch_event", counts_events),
    "tells-twice": (Handler, "_read_watch_event", tells_twice),
}

replace(*FLAWS[FLAW])
runpy.run_path(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "kazoo-client.py"),
    run_name="__main__")
