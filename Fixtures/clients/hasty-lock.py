#!/usr/bin/env python3
"""A lock with a flaw: a line, in which whoever finds the one before him gone has the lock, without
a look whether his own node is still there; it goes with its session."""
import os
import sys
import threading
import uuid

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NoNodeError

PATH = os.environ["QUORATE_PATH"]
client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)
changed = threading.Event()
client.add_listener(lambda state: changed.set())


def enter():
    """Its node's name, and that of the one before."""
    mark = uuid.uuid4().hex
    client.retry(client.ensure_path, PATH)
    while True:
        line = sorted(client.retry(client.get_children, PATH), key=lambda name: name[-10:])
        mine = next((name for name in line if name.startswith(mark)), None)
        if mine:
            return mine, line[line.index(mine) - 1] if line[0] != mine else None
        try:
            client.create(f"{PATH}/{mark}-", ephemeral=True, sequence=True)
        except KazooException:
            continue


def acquire():
    mine, before = enter()
    while before:
        changed.clear()
        try:
            if not client.exists(f"{PATH}/{before}", watch=lambda event: changed.set()):
                break
            changed.wait()
        except KazooException:
            continue
    return mine


def release(mine):
    try:
        client.retry(client.delete, f"{PATH}/{mine}")
    except NoNodeError:
        pass


client.start(timeout=30)
held = None
for line in iter(sys.stdin.readline, ""):
    try:
        if line.split()[0] == "acquire":
            held = acquire()
            print("acquired", flush=True)
        else:
            release(held)
            print("released", flush=True)
    except KazooException as error:
        print("failed", type(error).__name__, flush=True)
