import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { OPENAI_PYTHON } from '../../scripts/python-clients.ts';
import { ensurePython } from '../../scripts/python-env.ts';
import { until } from '../drills/support/scale.ts';
import { freePort } from '../real/free-port.ts';
import { ASK_DEMO, call, emptyFolder, ensureBuilt, Program, removeFolder, ROOT } from './program.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A folder that looks like a fresh clone after `npm ci`; what the README says is done in it. */
let clone = '';
let readme = '';
let gateway: Program | null = null;
let port = 0;
let url = '';
let masterKey = '';

beforeAll(async () => {
  await ensureBuilt();
  readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  clone = await emptyFolder();
  for (const name of ['package.json', 'package-lock.json', 'scripts', 'src', 'dist', 'node_modules'])
    await symlink(join(ROOT, name), join(clone, name));
  port = await freePort();
  gateway = new Program('npm', ['start', '--', '--port', String(port)], { cwd: clone });
  url = await gateway.ready();
  masterKey = (await readFile(join(clone, 'data/secrets/master-key'), 'utf8')).trim();
}, 120_000);

afterAll(async () => {
  await gateway?.stop('SIGKILL');
  await removeFolder(clone);
});

/** The code block of the README that holds this. Word for word but for the port, which others may have. */
function block(language: string, holding: string): string {
  const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, name, text]) => ({ name, text: text ?? '' }));
  const found = blocks.find(({ name, text }) => name === language && text.includes(holding));
  if (!found) throw new Error(`README.md has no ${language} block with ${holding}`);
  return found.text.replaceAll('localhost:4000', `localhost:${port}`);
}

async function shell(command: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-c', command], { cwd: clone })).stdout;
}

test('it is ready when it says what the README says', () => {
  const line = block('', 'Ready at').trim();
  const form = line
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replace(/^[\d: -]+/, String.raw`[\d: -]+`)
    .replace(String.raw`\.\.\./data`, '.*/data');
  expect(gateway?.output).toMatch(new RegExp(`^${form}$`, 'm'));
});

test('the one in Anthropic’s dialect is answered too', async () => {
  const message = JSON.parse(await shell(block('sh', '/v1/messages'))) as Record<string, unknown>;
  expect(message).toMatchObject({ type: 'message', model: 'demo', stop_reason: 'end_turn', content: [{ type: 'text' }] });
});

test('the one in Google’s dialect is answered too', async () => {
  const answer = JSON.parse(await shell(block('sh', ':generateContent'))) as Record<string, unknown>;
  expect(answer).toMatchObject({ modelVersion: 'demo', candidates: [{ finishReason: 'STOP', content: { role: 'model' } }] });
});

test('the first curl is answered by `demo`', async () => {
  const answer = JSON.parse(await shell(block('sh', 'chat/completions'))) as Record<string, unknown>;
  expect(answer).toMatchObject({
    object: 'chat.completion',
    model: 'demo',
    choices: [{ message: { role: 'assistant', content: expect.stringMatching(/^Hello from LLM Gateway/) } }],
  });
});

test('the Python example prints the same through the official client', async () => {
  const script = join(clone, 'example.py');
  await writeFile(script, block('python', 'OpenAI(').replace('<what npm run -s key prints>', masterKey));
  const { stdout } = await promisify(execFile)(await ensurePython(OPENAI_PYTHON), [script]);
  expect(stdout).toMatch(/^Hello from LLM Gateway/);
}, 240_000);

test('the key of the README is made, works, and shows its limits', async () => {
  const made = JSON.parse(await shell(block('sh', 'key/generate'))) as { key: string };
  expect((await call(url, made.key, 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(200);
  const { json } = await call(url, masterKey, 'GET', `/key/info?key=${made.key}`);
  expect(json['info']).toMatchObject({
    key_alias: 'kitchen-tablet',
    models: ['demo'],
    max_budget: 5,
    budget_duration: '1mo',
    rpm_limit: 20,
    spend: 0,
  });
});

test('the model of the README is made while it runs, and is listed at once', async () => {
  const made = JSON.parse(await shell(block('sh', '/model/new'))) as { model_id: string };
  const { text } = await call(url, masterKey, 'GET', '/model/info');
  expect(text).toContain(`"${made.model_id}"`);
  expect((await call(url, masterKey, 'GET', '/v1/models')).text).toContain('"llama"');
});

test('a sample acts within two seconds once its comment signs are off, and `check-config` finds it fit', async () => {
  const file = join(clone, 'data/litellm_config.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace(/( {2}# {1}- model_name: home\n(?: {2}# .*\n)+)/, (sample) => sample.replaceAll('  # ', '  ')),
  );
  await until('the model is listed', async () => (await call(url, masterKey, 'GET', '/v1/models')).text.includes('"home"'), 10_000);
  expect(await shell(`npm run -s check-config -- ${file}`)).toBe(`${file}: fit to use\n`);
});

test('every option and variable that the README names is there', async () => {
  const help = await shell('npm start -s -- --help');
  const named = new Set(readme.match(/(?<=\s|`)--[a-z][a-z-]+/g));
  expect(named.size).toBeGreaterThan(3);
  for (const option of named) expect(help).toContain(option);
  const settings = await readFile(join(ROOT, 'docs/configuration.md'), 'utf8');
  for (const [variable] of block('', 'DATABASE_URL').matchAll(/^[A-Z_]+(?==)/gm)) expect(settings).toContain(variable);
});

test('a signal to npm alone ends everything, in order', async () => {
  const ended = await gateway?.stop('SIGTERM');
  expect(ended?.code).toBe(0);
  expect(ended?.stdout).toMatch(/info {4}Stopped\n$/);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
