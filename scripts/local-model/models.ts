import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from '../made-once.ts';
import { ensurePython } from '../python-env.ts';

const run = promisify(execFile);

const WRITER = path.join(import.meta.dirname, 'write_models.py');
const CACHE = path.resolve(import.meta.dirname, '../../.cache/models');

/** llama.cpp's server as a prebuilt wheel, and what writes its models. */
const PACKAGES = [
  'xllamacpp==2026.10.11549',
  'gguf==0.19.0',
  'numpy==2.4.6; python_version >= "3.11"',
  'numpy==2.2.6; python_version < "3.11"',
];

export interface LocalModels {
  /** Interpreter that can run `serve.py`. */
  readonly python: string;
  /** GGUF of the chat model; the head of `write_models.py` tells what it does. */
  readonly chat: string;
  /** GGUF of the embedding model: 64 numbers, at most 128 tokens. */
  readonly embeddings: string;
}

/** The tiny models below `.cache/models`, written when missing and again after a change of their script. */
export async function ensureLocalModels(): Promise<LocalModels> {
  const python = await ensurePython(PACKAGES);
  const script = await readFile(WRITER);
  const key = createHash('sha256').update(script).digest('hex').slice(0, 12);
  const folder = await madeOnce(path.join(CACHE, key), async (workshop) => {
    await run(python, [WRITER, workshop]);
  });
  return { python, chat: path.join(folder, 'chat.gguf'), embeddings: path.join(folder, 'embeddings.gguf') };
}
