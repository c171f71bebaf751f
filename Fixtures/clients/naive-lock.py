#!/usr/bin/env python3
"""A lock with a flaw: one node that all create, and whoever releases deletes it by its name, though
his session may have ended and the node be another's."""
import os
import sys
import threading

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NodeExistsError, NoNodeError

PATH = os.environ["QUORATE_PATH"]
NAME = os.environ["QUORATE_NAME"].encode()
LOCK = PATH + "/lock"

client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)
changed = threading.Event()
client.add_listener(lambda state: changed.set())


def is_mine():
    """Whether it has the lock: a reply to its create may have been lost."""
    data, stat = client.retry(client.get, LOCK)
    return data == NAME and stat.ephemeralOwner == client.client_id[0]


def acquire():
    while True:
        changed.clear()
        try:
            client.ensure_path(PATH)
            client.create(LOCK, NAME, ephemeral=True)
            return "acquired"
        except NodeExistsError:
            try:
                if is_mine():
                    return "acquired"
                if client.exists(LOCK, watch=lambda event: changed.set()):
                    changed.wait()
            except KazooException:
                continue
        except KazooException:
            continue


def release():
    try:
        client.retry(client.delete, LOCK)
    except NoNodeError:
        pass
    return "released"


client.start(timeout=30)
for line in iter(sys.stdin.readline, ""):
    try:
        print({"acquire": acquire, "release": release}[line.split()[0]](), flush=True)
    except KazooException as error:
        print("failed", type(error).__name__, flush=True)
