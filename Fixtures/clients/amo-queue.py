#!/usr/bin/env python3
"""A queue with a flaw: an element is deleted when it is taken. When the session ends before it is
done, nobody does it again."""
import os
import sys
import time

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException

client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)
client.start(timeout=30)
queue = client.Queue(os.environ["QUORATE_PATH"])
session = None


def put(value):
    queue.put(value.encode())
    return "put"


def take():
    global session
    for _ in range(3):
        value = queue.get()
        if value is not None:
            session = client.client_id[0]
            return "taken " + value.decode()
        time.sleep(0.1)
    return "empty"


def done():
    client.exists("/")
    return "done" if client.client_id[0] == session else "failed its session has ended"


for line in iter(sys.stdin.readline, ""):
    word, *rest = line.split()
    try:
        print({"put": put, "take": take, "done": done}[word](*rest), flush=True)
    except KazooException as error:
        print("failed", type(error).__name__, flush=True)
