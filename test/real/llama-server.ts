import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ensureLocalModels } from '../../scripts/local-model/models.ts';
import { freePort } from './free-port.ts';

const SERVE = path.resolve(import.meta.dirname, '../../scripts/local-model/serve.py');
const ATTEMPTS = 3;
const STOP_MS = 5000;

export interface LlamaServer {
  /** `http://127.0.0.1:<port>`; the OpenAI surface is below `/v1`, running work at `/slots`. */
  readonly url: string;
  /** Ends the server; requests that still run are cut. */
  stop(): Promise<void>;
}

/**
 * Starts llama.cpp's own server on a tiny model. The first call on a machine installs it (about 10 s), later ones take a
 * fraction of a second. The server ends with the process that started it, however that one ends.
 */
export async function startLlamaServer({ kind }: { kind: 'chat' | 'embeddings' }): Promise<LlamaServer> {
  const models = await ensureLocalModels();
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const options = [SERVE, models[kind], String(port), ...(kind === 'embeddings' ? ['--embeddings'] : [])];
    const child = spawn(models.python, options, { stdio: ['pipe', 'pipe', 'pipe'] });
    const complaint = lastLines(child.stderr);
    const url = await listeningAddress(child);
    if (url !== null) return { url, stop: () => stop(child) };
    if (attempt === ATTEMPTS) throw new Error(`llama.cpp's server did not start:\n${complaint()}`);
  }
}

type Server = ChildProcessByStdio<Writable, Readable, Readable>;

/** The address the server prints when it is ready; null when it ended instead. */
async function listeningAddress(child: Server): Promise<string | null> {
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('listening ')) continue;
    child.stdout.resume();
    return line.slice('listening '.length);
  }
  return null;
}

/** Keeps reading, so that the pipe never fills up, and remembers the end. */
function lastLines(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-2000);
  });
  return () => text;
}

async function stop(child: Server): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.stdin.end();
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(impatience);
}
