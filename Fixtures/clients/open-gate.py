#!/usr/bin/env python3
"""A barrier with a flaw: whoever waits looks whether it stands, and goes on whatever he sees."""
import os
import sys

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException

PATH = os.environ["QUORATE_PATH"]

client = KazooClient(os.environ["QUORATE_ZOOKEEPER"], timeout=4)


def stand():
    client.ensure_path(PATH)
    return "set"


def wait():
    client.exists(PATH)
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
