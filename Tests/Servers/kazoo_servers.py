"""A pytest plugin: kazoo's own tests on whatever server a command starts.

    KAZOO_SERVER='quorate serve zookeeper' python3 -m pytest -p kazoo_servers --pyargs kazoo.tests

kazoo's harness (`kazoo.testing.common`) makes certificates and starts Java; this takes its place.
A server is `$KAZOO_SERVER zoo.cfg`, in the foreground, told to end by SIGTERM; it is up when it
answers `ruok`. Tests stop and start servers, and expect what they have stored to be there again.

    KAZOO_SERVER              the command, split as a shell does
    KAZOO_RESULTS             a file for the outcome of every test: `passed tests/test_x.py::X::y`
    ZOOKEEPER_PORT_OFFSET     the first port, 20000 by default
    SERVER_JVMFLAGS           what the harness asks for as properties is appended, as zkServer.sh
                              takes them
"""
import os
import pathlib
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types

import pytest

COMMAND = shlex.split(os.environ["KAZOO_SERVER"])
# How long a server has to come up, in seconds.
PATIENCE = 60


class Server:
    """One server: its port, its folder, and its process while it runs."""

    host = "127.0.0.1"

    def __init__(self, port, entries, properties, jaas):
        self.client_port = port
        self.entries = entries
        self.properties = properties
        self.jaas = jaas
        self.process = None
        self.folder = None

    @property
    def address(self):
        return "%s:%d" % (self.host, self.client_port)

    @property
    def running(self):
        return self.process is not None

    def run(self):
        if self.running:
            return
        if self.folder is None:
            self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kazoo-"))
        configuration = self.folder / "zoo.cfg"
        configuration.write_text(
            "tickTime=2000\ndataDir=%s/data\nclientPort=%d\nclientPortAddress=%s\n"
            "maxClientCnxns=0\nadmin.enableServer=false\n"
            "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider\n%s\n"
            % (self.folder, self.client_port, self.host, "\n".join(self.entries))
        )
        (self.folder / "data").mkdir(exist_ok=True)
        flags = [os.environ.get("SERVER_JVMFLAGS", "")] + list(self.properties)
        if self.jaas:
            (self.folder / "jaas.conf").write_text(self.jaas)
            flags.append("-Djava.security.auth.login.config=%s/jaas.conf" % self.folder)
        environment = dict(os.environ, SERVER_JVMFLAGS=" ".join(flags).strip())
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            COMMAND + [str(configuration)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        self._wait()

    def _wait(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                with socket.create_connection((self.host, self.client_port), 1) as asking:
                    asking.settimeout(1)
                    asking.sendall(b"ruok")
                    if asking.recv(4) == b"imok":
                        return
            except OSError:
                pass
            time.sleep(0.02)
        log = "".join(self.get_logs())
        self.stop()
        raise RuntimeError("the server did not come up: %s\n%s" % (COMMAND, log))

    def stop(self):
        if self.running:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.process = None

    def destroy(self):
        self.stop()
        if self.folder is not None:
            shutil.rmtree(self.folder, True)
            self.folder = None

    def reset(self):
        self.destroy()

    def get_logs(self, lines=100):
        if self.folder is None:
            return []
        return (self.folder / "log").read_text(errors="replace").splitlines(True)[-lines:]


class Cluster:
    """What kazoo calls `ZookeeperCluster`; here servers that stand alone."""

    def __init__(
        self,
        size=3,
        port_offset=20000,
        configuration_entries=(),
        java_system_properties=(),
        jaas_config=None,
        **_
    ):
        # Of an ensemble there is nothing here.
        entries = [e for e in configuration_entries if not e.startswith("localSessions")]
        self._servers = [
            Server(port_offset + 10 * number, entries, java_system_properties, jaas_config)
            for number in range(size)
        ]

    def __getitem__(self, place):
        return self._servers[place]

    def __iter__(self):
        return iter(self._servers)

    def start(self):
        for server in self:
            server.run()

    def stop(self):
        for server in self:
            server.stop()

    def terminate(self):
        for server in self:
            server.destroy()

    def reset(self):
        for server in self:
            server.reset()

    def get_logs(self):
        return [line for server in self for line in server.get_logs()]

    def get_ssl_client_configuration(self):
        pytest.skip("these servers speak no TLS")


_common = types.ModuleType("kazoo.testing.common")
_common.ZookeeperCluster = Cluster
sys.modules["kazoo.testing.common"] = _common
os.environ.setdefault("ZOOKEEPER_VERSION", "3.8.0")
# Where CI is set kazoo takes ZOOKEEPER_VERSION for the server's own, which holds for one of the two;
# without it kazoo asks the server. The same tests run everywhere.
os.environ.pop("CI", None)
os.environ.setdefault("ZOOKEEPER_CLUSTER_SIZE", "1")

_outcomes = {}


def pytest_runtest_logreport(report):
    """A test has passed if each part of it has: what it sets up, itself, what it clears away."""
    name = report.nodeid.split("kazoo/")[-1]
    if report.outcome != "passed" or name not in _outcomes:
        _outcomes[name] = report.outcome


def pytest_sessionfinish():
    path = os.environ.get("KAZOO_RESULTS")
    if path:
        lines = ["%s %s\n" % (outcome, name) for name, outcome in _outcomes.items()]
        pathlib.Path(path).write_text("".join(sorted(lines)))
