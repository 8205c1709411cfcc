"""One process of a job that a launcher such as torchrun started: meets the others at the address that it was given.

Usage: rendezvous.py FILE. As torch.distributed's ``env://`` does, by RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT: the
first waits for the others, and writes who came.
"""

import json
import os
import socket
import sys

rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
address = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
mine = {
    "rank": rank,
    "local": os.environ["LOCAL_RANK"],
    "devices": os.environ.get("CUDA_VISIBLE_DEVICES"),
    "threads": os.environ.get("OMP_NUM_THREADS"),
    "restarts": os.environ.get("TORCHELASTIC_RESTART_COUNT"),
    "run": os.environ.get("TORCHELASTIC_RUN_ID"),
    "prefix": sys.prefix,
}
if rank == 0:
    came = [mine]
    # The launcher has bound the port already, so that nobody else takes it, and handed it on as a file.
    with socket.socket(fileno=int(sys.argv[2])) as server:
        server.settimeout(20)
        for _ in range(size - 1):
            with server.accept()[0] as connection, connection.makefile() as text:
                came.append(json.loads(text.readline()))
    with open(sys.argv[1], "w", encoding="ascii") as file:
        json.dump(sorted(came, key=lambda each: each["rank"]), file)
else:
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(json.dumps(mine).encode() + b"\n")
