/**
 * The real Ollama, built from its source, with the tiny models: for drills by hand, not for the tests. It takes Go, a C++
 * compiler and some minutes the first time.
 *
 *     node scripts/local-model/ollama.ts        builds what is missing, serves, prints the address, ends with Ctrl-C
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { madeOnce } from '../made-once.ts';
import { ensureLocalModels } from './models.ts';

const run = promisify(execFile);

const VERSION = 'v0.17.4';
const CACHE = path.resolve(import.meta.dirname, '../../.cache/ollama');
const TEMPLATE = path.join(import.meta.dirname, 'ollama.gotmpl');

/** Ollama's Go module leaves out headers of llama.cpp that it needs; the source package of llama-cpp-python has them. */
const HEADERS = { package: 'llama-cpp-python==0.3.36', folder: 'vendor/llama.cpp/vendor' };

const READY_MS = 20_000;

export interface OllamaServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  stop(): Promise<void>;
}

/** The program, built when missing. Needs `go` and a C++ compiler. */
export async function ensureOllama(say: (line: string) => void): Promise<string> {
  const headers = await ensureHeaders(say);
  const folder = await madeOnce(path.join(CACHE, VERSION), async (workshop) => {
    say(`Ollama ${VERSION}: compiling (some minutes, once)`);
    const env = { ...process.env, GOBIN: workshop, CGO_CPPFLAGS: `-I${headers}` };
    await run('go', ['install', `github.com/ollama/ollama@${VERSION}`], { env, maxBuffer: 64 * 1024 * 1024 });
  });
  return path.join(folder, 'ollama');
}

/** In a folder of their own: their path is a part of what Go's cache goes by, so a second try compiles only the rest. */
function ensureHeaders(say: (line: string) => void): Promise<string> {
  return madeOnce(path.join(CACHE, HEADERS.package), async (workshop) => {
    const { python } = await ensureLocalModels();
    say(`Ollama ${VERSION}: fetching headers from ${HEADERS.package} (some minutes, once)`);
    await run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', ':all:', '--dest', workshop, HEADERS.package]);
    const name = HEADERS.package.replaceAll('-', '_').replace('==', '-');
    const archive = path.join(workshop, `${name}.tar.gz`);
    const levels = HEADERS.folder.split('/').length + 1;
    await run('tar', ['-xzf', archive, '-C', workshop, '--strip-components', String(levels), `${name}/${HEADERS.folder}`]);
    await rm(archive);
  });
}

/** Starts Ollama on the port with the models `tiny-chat` and `tiny-embeddings`; its data lives in a temporary folder. */
export async function startOllama(program: string, port: number): Promise<OllamaServer> {
  const home = await mkdtemp(path.join(tmpdir(), 'ollama-'));
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, HOME: home, OLLAMA_HOST: url, OLLAMA_MODELS: path.join(home, 'models') };
  const child = spawn(program, ['serve'], { env, stdio: 'ignore' });
  const server = { url, stop: () => stop(child, home) };
  try {
    await answering(url, child);
    const models = await ensureLocalModels();
    await createModel(url, 'tiny-chat', models.chat, await readFile(TEMPLATE, 'utf8'));
    await createModel(url, 'tiny-embeddings', models.embeddings);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Ollama ended with ${child.exitCode}`);
    const ready = await fetch(`${url}/api/version`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    if (Date.now() > deadline) throw new Error(`Ollama did not answer within ${READY_MS} ms`);
    await wait(100);
  }
}

async function createModel(url: string, model: string, file: string, template?: string): Promise<void> {
  const bytes = await readFile(file);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await posted(`${url}/api/blobs/${digest}`, bytes);
  const files = { [path.basename(file)]: digest };
  await posted(`${url}/api/create`, JSON.stringify({ model, files, stream: false, ...(template === undefined ? {} : { template }) }));
}

async function posted(url: string, body: Buffer | string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

async function stop(child: ChildProcess, home: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }
  await rm(home, { recursive: true, force: true });
}

if (import.meta.main) {
  const say = (line: string): void => console.error(line);
  const server = await startOllama(await ensureOllama(say), 21_434);
  console.log(server.url);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await server.stop();
}
