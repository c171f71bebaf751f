#!/usr/bin/env python3
"""A barrier with a flaw: whoever waits looks whether it stands, and goes on whatever he sees; with
the argument `hurries`, when he has looked for three seconds."""
import os
import sys
import time

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException

PATH = os.environ["QUORATE_PATH"]

client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)


def stand():
    client.ensure_path(PATH)
    return "set"


def wait():
    begin = time.monotonic()
    while client.exists(PATH) and "hurries" in sys.argv and time.monotonic() - begin < 3:
        time.sleep(0.1)
    return "passed"


def lift():
    client.delete(PATH)
    return "lifted"


client.start(timeout=30)
for line in iter(sys.stdin.readline, ""):
    try:
        print({"set": stand, "wait": wait, "lift": lift}[line.split()[0]](), flush=True)
    except KazooException as error:
        print("failed", type(error).__name__, flush=True)
