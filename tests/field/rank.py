"""One process of an MPI job: writes which of how many it is to a file in the directory named.

Usage: rank.py LIBRARY DIRECTORY. It calls the library itself, so that it takes no compiler and no package. After the
barrier all processes of the job have met, which no variable alone can feign.
"""

import ctypes
import json
import os
import sys

library, folder = sys.argv[1:]
mpi = ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
world: ctypes.c_void_p | ctypes.c_int
if hasattr(mpi, "ompi_mpi_comm_world"):
    # Open MPI's handle is the address of an object.
    world = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.in_dll(mpi, "ompi_mpi_comm_world")))
else:
    # MPICH's is a number; all of its kin share it, by the common ABI.
    world = ctypes.c_int(0x44000000)
rank, size = ctypes.c_int(-1), ctypes.c_int(-1)
mpi.MPI_Init(None, None)
mpi.MPI_Comm_rank(world, ctypes.byref(rank))
mpi.MPI_Comm_size(world, ctypes.byref(size))
mpi.MPI_Barrier(world)
report = {"rank": rank.value, "size": size.value, "prefix": sys.prefix, "environ": dict(os.environ)}
# Named by the process: two that both take themselves for rank 0 leave two files.
with open(os.path.join(folder, f"rank-{os.getpid()}.json"), "w", encoding="ascii") as file:
    json.dump(report, file)
mpi.MPI_Finalize()
