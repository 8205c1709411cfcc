"""A server of gRPC's with the certificate and key in one file; writes its port to the file named, and serves.

Usage: grpc_server.py PEM FILE.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

pem, report = sys.argv[1:]
with open(pem, "rb") as file:
    both = file.read()
credentials = grpc.ssl_server_credentials([(both[both.index(b"-----BEGIN PRIVATE") :], both)])
server = grpc.server(ThreadPoolExecutor(1))
port = server.add_secure_port("127.0.0.1:0", credentials)
server.start()
with open(f"{report}.part", "w", encoding="ascii") as file:
    file.write(str(port))
os.rename(f"{report}.part", report)
server.wait_for_termination()
