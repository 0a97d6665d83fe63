"""Serves one GGUF model with llama.cpp's own HTTP server until standard input closes.

    python serve.py MODEL PORT [--embeddings]

Prints `listening ADDRESS` when ready. Standard input is a life line: the starter holds the other end, so however the
starter ends, the server ends too.
"""

import os
import sys

import xllamacpp


def parameters(model: str, port: int, embeddings: bool) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.model_alias = {"tiny-embeddings" if embeddings else "tiny-chat"}
    params.n_parallel = 2
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.endpoint_slots = True
    params.use_jinja = True
    params.warmup = False
    params.embedding = embeddings
    return params


if __name__ == "__main__":
    server = xllamacpp.Server(parameters(sys.argv[1], int(sys.argv[2]), "--embeddings" in sys.argv))
    print(f"listening {server.listening_address}", flush=True)
    sys.stdin.buffer.read()
    os._exit(0)  # running requests are cut: nobody is left to read their answers
