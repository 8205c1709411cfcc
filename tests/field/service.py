"""A service that speaks sd_notify(3) and sd_listen_fds(3) itself: reports that it is ready, and what it was handed."""

import json
import os
import socket
import time

environ = os.environ
sockets = {}
if int(environ["LISTEN_PID"]) == os.getpid():
    names = environ["LISTEN_FDNAMES"].split(":")
    for number, name in enumerate(names[: int(environ["LISTEN_FDS"])]):
        with socket.socket(fileno=os.dup(3 + number)) as passed:
            sockets[name] = passed.getsockname()
with open(os.path.join(environ["CREDENTIALS_DIRECTORY"], "token"), encoding="ascii") as file:
    token = file.read()
with open(os.path.join(environ["STATE_DIRECTORY"], "written"), "w", encoding="ascii"):
    pass
found = {
    "sockets": sockets,
    "watchdog": environ["WATCHDOG_USEC"],
    "token": token,
    "invocation": environ["INVOCATION_ID"],
    "journal": environ["JOURNAL_STREAM"],
}
address = environ["NOTIFY_SOCKET"]
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    notify.connect("\0" + address[1:] if address.startswith("@") else address)
    notify.send(f"READY=1\nSTATUS={json.dumps(found)}".encode())
# Until the manager ends it, as every service does.
while True:
    time.sleep(60)
