#!/usr/bin/env python3
"""kazoo's recipes, as `quorate recipes run RECIPE exec:…` judges them.

    quorate recipes run lock 'exec:python3 Fixtures/clients/kazoo-recipes.py'

What a process does it says on standard output, a line each; see `quorate recipes run --help`.
"""
import os
import sys
import time

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException

ROUNDS = 2
PATH = os.environ["QUORATE_PATH"]


def say(*words):
    print(*words, flush=True)


def connect():
    client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)
    client.start(timeout=30)
    return client


def line(client, make, enter, leave):
    """Twice: waits, holds for a while, lets go."""
    for _ in range(ROUNDS):
        while True:
            say("session", client.client_id[0])
            say("asks")
            try:
                held = make()
                enter(held)
            except KazooException as error:
                say("fails", type(error).__name__)
                time.sleep(0.2)
                continue
            say("session", client.client_id[0])
            say("holds")
            time.sleep(0.5)
            say("releases")
            try:
                leave(held)
            except KazooException as error:
                say("fails", type(error).__name__)
            break


def main():
    name = sys.argv[1]
    client = connect()
    recipe = os.environ["QUORATE_RECIPE"]
    if recipe == "lock":
        line(client, lambda: client.Lock(PATH, name), lambda lock: lock.acquire(),
             lambda lock: lock.release())
    elif recipe == "master":
        # What leads is a function; it stands in the line's place.
        election = client.Election(PATH, name)
        for _ in range(ROUNDS):
            say("session", client.client_id[0])
            say("asks")
            while True:
                try:
                    election.run(lead, client)
                    break
                except KazooException as error:
                    say("fails", type(error).__name__)
                    say("asks")
    else:
        sys.exit(f"no recipe of kazoo's is called {recipe}")
    client.stop()
    client.close()


def lead(client):
    say("session", client.client_id[0])
    say("holds")
    time.sleep(0.5)
    say("releases")


if __name__ == "__main__":
    main()
