"""One task of a job: writes its environment to a file of its own in the directory named."""

import json
import os
import sys

with open(os.path.join(sys.argv[1], f"task-{os.getpid()}.json"), "w", encoding="ascii") as file:
    json.dump({"environ": dict(os.environ), "prefix": sys.prefix}, file)
