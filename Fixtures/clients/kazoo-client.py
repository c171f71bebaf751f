#!/usr/bin/env python3
"""kazoo's client, as quorate judges it:

    quorate verify 'exec:python3 Fixtures/clients/kazoo-client.py' --case 'ZK-CLIENT-*'

It reads what it shall ask from standard input and says what came of it, and what its user is told
meanwhile; `quorate verify --help` tells what.
"""
import os
import sys
import threading

from kazoo.client import KazooClient
from kazoo.exceptions import NoNodeError
from kazoo.protocol.states import EventType, KazooState, KeeperState

EVENTS = {
    EventType.CREATED: "created", EventType.DELETED: "deleted",
    EventType.CHANGED: "changed", EventType.CHILD: "children",
}
VOICE = threading.Lock()


def say(*words):
    with VOICE:
        print(*words, flush=True)


def main():
    client = KazooClient(
        os.environ["QUORATE_ZOOKEEPER"], timeout=int(os.environ["QUORATE_TIMEOUT"]) / 1000)

    def watch(event):
        if event.type in EVENTS:
            say("event", EVENTS[event.type], event.path)

    def listen(state):
        if state == KazooState.CONNECTED:
            say("state connected")
        elif state == KazooState.SUSPENDED:
            say("state disconnected")
        elif client.client_state == KeeperState.EXPIRED_SESSION:
            say("state expired")
        elif client.client_state == KeeperState.AUTH_FAILED:
            say("state authfailed")
        else:
            say("state closed")

    def act(word, path="", *more):
        left = watch if "watch" in more else None
        if word == "begin":
            client.add_listener(listen)
            client.start_async()
        elif word == "create":
            client.create(path, ephemeral="ephemeral" in more)
        elif word == "get":
            client.get(path, watch=left)
        elif word == "exists":
            return "ok" if client.exists(path, watch=left) else "none"
        elif word == "children":
            client.get_children(path, watch=left)
        elif word == "set":
            client.set(path, b"")
        elif word == "auth":
            client.add_auth(path, more[0])
        elif word == "close":
            client.stop()
        return "ok"

    for line in sys.stdin:
        try:
            say(act(*line.split()))
        except NoNodeError:
            say("none")
        except Exception as error:
            say("failed", type(error).__name__, error)


if __name__ == "__main__":
    main()
