"""A Jupyter server in little: starts the kernel called NAME, waits until it answers, and writes its process number.

Usage: dying_server.py NAME FILE. Then it waits to be killed.
"""

import os
import sys
import time

from jupyter_client import KernelManager

name, report = sys.argv[1:]
manager = KernelManager(kernel_name=name)
manager.start_kernel()
client = manager.blocking_client()
client.start_channels()
client.wait_for_ready(timeout=60)
# As a person has it: a cell has run, and its answer is there.
reply = client.execute_interactive("import os; print(os.getpid())", timeout=60, output_hook=lambda _: None)
assert reply["content"]["status"] == "ok", reply
with open(f"{report}.part", "w", encoding="ascii") as file:
    file.write(str(manager.provisioner.pid))
os.rename(f"{report}.part", report)
while True:
    time.sleep(60)
