#!/usr/bin/env python3
"""kazoo's recipes, as quorate judges them:

    quorate verify 'exec:python3 Fixtures/clients/kazoo-recipes.py' --recipe lock

It reads what it shall do from standard input and says what came of it; `quorate recipes run --help`
tells what.
"""
import os
import sys
import time

from kazoo.client import KazooClient

PATH = os.environ["QUORATE_PATH"]
NAME = os.environ["QUORATE_NAME"]


def say(*words):
    print(*words, flush=True)


def commands():
    """What it is told, word by word."""
    for line in iter(sys.stdin.readline, ""):
        yield line.split()


def each(act):
    """Does what it is told, and says that it failed when kazoo says so."""
    for words in commands():
        try:
            say(*act(*words))
        except Exception as error:
            say("failed", type(error).__name__, error)


def lock(client):
    held = client.Lock(PATH, NAME)

    def act(word):
        if word == "acquire":
            return ["acquired"] if held.acquire() else ["failed"]
        return ["released"] if held.release() else ["failed", "nothing to release"]
    each(act)


def master(client):
    """kazoo calls a function when it leads; that one waits until it shall resign."""
    election = client.Election(PATH, NAME)

    def lead():
        say("leading")
        next(commands())

    def act(word):
        election.run(lead)
        return ["resigned"]
    each(act)


def take(get):
    """What `get` gives, if there is something within a while."""
    for _ in range(3):
        value = get()
        if value is not None:
            return ["taken", value.decode()]
        time.sleep(0.1)
    return ["empty"]


def fifo_queue(client):
    queue = client.Queue(PATH)

    def act(word, value=""):
        if word == "put":
            queue.put(value.encode())
            return ["put"]
        return take(queue.get)
    each(act)


def fifo_process(client):
    queue = client.LockingQueue(PATH)

    def act(word, value=""):
        if word == "put":
            queue.put(value.encode())
            return ["put"]
        if word == "take":
            taken = queue.get(timeout=0.3)
            return ["empty"] if taken is None else ["taken", taken.decode()]
        return ["done"] if queue.consume() else ["failed", "it holds nothing"]
    each(act)


def barrier(client):
    gate = client.Barrier(PATH)

    def act(word):
        if word == "set":
            gate.create()
            return ["set"]
        if word == "lift":
            gate.remove()
            return ["lifted"]
        return ["passed"] if gate.wait() else ["failed"]
    each(act)


def double_barrier(client):
    members = []

    def act(word, size="0"):
        if word == "enter":
            members[:] = [client.DoubleBarrier(PATH, int(size), NAME)]
            members[0].enter()
            return ["entered"] if members[0].participating else ["failed"]
        members[0].leave()
        return ["left"]
    each(act)


def counter(client):
    shared = client.Counter(PATH)

    def act(word, number):
        nonlocal shared
        shared += int(number)
        return ["added", shared.post_value]
    each(act)


RECIPES = {
    "lock": lock, "master": master, "fifo-queue": fifo_queue, "fifo-process": fifo_process,
    "barrier": barrier, "double-barrier": double_barrier, "counter": counter,
}


def main():
    recipe = os.environ["QUORATE_RECIPE"]
    if recipe not in RECIPES:
        sys.exit(f"no recipe of kazoo's is called {recipe}")
    client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)
    client.start(timeout=30)
    RECIPES[recipe](client)
    client.stop()
    client.close()


if __name__ == "__main__":
    main()
