#!/usr/bin/env python3
"""A queue whose elements are claimed by nodes of their own, and deleted when they are done.

With the argument `stays` it has a flaw: a claim outlives its session, so what a dead consumer had
claimed nobody else ever gets."""
import os
import sys
import time

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NodeExistsError, NoNodeError

PATH = os.environ["QUORATE_PATH"]
ITEMS, CLAIMS = PATH + "/items", PATH + "/claims"
IS_EPHEMERAL = "stays" not in sys.argv

client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)
taken = None


def put(value):
    client.create(ITEMS + "/i-", value.encode(), sequence=True)
    return "put"


def claim(name):
    """The element's value, if it could be claimed and is there."""
    try:
        client.create(CLAIMS + "/" + name, ephemeral=IS_EPHEMERAL)
    except NodeExistsError:
        return None
    try:
        return client.get(ITEMS + "/" + name)[0].decode()
    except NoNodeError:
        client.delete(CLAIMS + "/" + name)
        return None


def take():
    global taken
    for _ in range(3):
        for name in sorted(client.get_children(ITEMS)):
            value = claim(name)
            if value is not None:
                taken = name
                return "taken " + value
        time.sleep(0.1)
    return "empty"


def done():
    client.delete(ITEMS + "/" + taken)
    client.delete(CLAIMS + "/" + taken)
    return "done"


client.start(timeout=30)
for folder in (ITEMS, CLAIMS):
    client.ensure_path(folder)
for line in iter(sys.stdin.readline, ""):
    word, *values = line.split()
    try:
        print({"put": put, "take": take, "done": done}[word](*values), flush=True)
    except KazooException as error:
        print("failed", type(error).__name__, flush=True)
