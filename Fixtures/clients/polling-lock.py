#!/usr/bin/env python3
"""A lock without watches: one node that all try to create, again and again. With an argument it has
a flaw: `keeps`, whoever releases leaves the node where it is; `litters`, he leaves another node;
`stays`, the node outlives its session; `hurries`, who has waited for four seconds takes it."""
import os
import sys
import time

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NodeExistsError

PATH = os.environ["QUORATE_PATH"]
NAME = os.environ["QUORATE_NAME"].encode()
LOCK = PATH + "/lock"
PAUSE = 0.05

client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)


def own():
    """Its node, if it has the lock: a reply to its create may have been lost."""
    if client.exists(LOCK) is None:
        return None
    data, stat = client.get(LOCK)
    isOurs = "stays" in sys.argv or stat.ephemeralOwner == client.client_id[0]
    return stat if data == NAME and isOurs else None


def acquire():
    begin = time.monotonic()
    while True:
        if "hurries" in sys.argv and time.monotonic() - begin > 4:
            return "acquired"
        try:
            client.ensure_path(PATH)
            client.create(LOCK, NAME, ephemeral="stays" not in sys.argv)
            return "acquired"
        except NodeExistsError:
            try:
                if own():
                    return "acquired"
            except KazooException:
                pass
        except KazooException:
            pass
        time.sleep(PAUSE)


def release():
    while "keeps" not in sys.argv:
        try:
            if own() is None:
                break
            client.delete(LOCK)
            if "litters" in sys.argv:
                client.create(PATH + "/left-", ephemeral=True, sequence=True)
        except KazooException:
            time.sleep(PAUSE)
    return "released"


client.start(timeout=30)
for line in iter(sys.stdin.readline, ""):
    try:
        print({"acquire": acquire, "release": release}[line.split()[0]](), flush=True)
    except KazooException as error:
        print("failed", type(error).__name__, flush=True)
