import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { problemText } from '../../src/config/problem.ts';
import { problemsOf } from '../../src/server/cli/check.ts';
import { parseDatabaseUrl } from '../../src/store/address.ts';
import { tryConnection } from '../../src/store/try-connection.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { freePort } from '../real/free-port.ts';
import { ASK_DEMO, call, emptyFolder, ensureBuilt, program, removeFolder, run } from './program.ts';

// Processes start slowly on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

let folder = '';
let database: FreshDatabase;

beforeAll(async () => {
  await ensureBuilt();
  folder = await emptyFolder();
  database = await freshDatabase();
});

afterAll(async () => {
  await database.drop();
  await removeFolder(folder);
});

describe('options', () => {
  test('of the app that cannot be used: one line, exit code 78', async () => {
    const file = join(folder, 'options.json');
    await writeFile(file, JSON.stringify({ retention_days: 'secret' }));
    expect(await run(['--data', 'app'], { cwd: folder, env: { GATEWAY_OPTIONS_FILE: file } })).toEqual({
      code: 78,
      stdout: '',
      stderr: 'Option retention_days: must be a whole number of days from 1 to 3650\n',
    });
  });

  test('a certificate that is not there: one line, exit code 78', async () => {
    const env = { DATABASE_URL: database.url, GATEWAY_OPTION_SSL: 'true', GATEWAY_SSL_FOLDER: folder };
    const { code, stderr } = await run(['--data', 'app'], { cwd: folder, env });
    expect([code, stderr]).toEqual([78, `certfile: ${folder}/fullchain.pem does not exist\n`]);
  });

  test('name another data folder, another configuration (made with samples), another address and port', async () => {
    const port = await freePort();
    const gateway = program(['--port', String(port), '--host', '127.0.0.1', '--data', 'deep/data', '--config', 'elsewhere/models.yaml'], {
      cwd: folder,
      env: { DATABASE_URL: database.url, PORT: '1' },
    });
    try {
      expect(await gateway.ready()).toBe(`http://127.0.0.1:${port}`);
      expect(gateway.output).toContain(
        `Ready at http://127.0.0.1:${port}, with the panel at http://127.0.0.1:${port}/ui; the master key is in ${folder}/deep/data/secrets/master-key (npm run -s key -- --data ${folder}/deep/data prints it)`,
      );
      expect(await readFile(join(folder, 'elsewhere/models.yaml'), 'utf8')).toContain('model_name: demo');
      const { stdout } = await run(['key', '--data', 'deep/data'], { cwd: folder });
      expect((await call(`http://127.0.0.1:${port}`, stdout.trim(), 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(200);
    } finally {
      expect((await gateway.stop()).code).toBe(0);
    }
  });

  test('may come from the environment: PORT, HOST, LITELLM_MASTER_KEY', async () => {
    const port = await freePort();
    const gateway = program(['--data', 'by-environment'], {
      cwd: folder,
      env: { DATABASE_URL: database.url, PORT: String(port), HOST: '127.0.0.1', LITELLM_MASTER_KEY: 'sk-chosen-by-the-operator' },
    });
    try {
      expect(await gateway.ready()).toBe(`http://127.0.0.1:${port}`);
      expect(gateway.output).not.toContain('sk-chosen');
      expect((await call(`http://127.0.0.1:${port}`, 'sk-chosen-by-the-operator', 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(
        200,
      );
    } finally {
      expect((await gateway.stop()).code).toBe(0);
    }
  });

  test('that nobody knows end the program with one line and exit code 78', async () => {
    expect(await run(['--wrong', '3'], { cwd: folder })).toEqual({
      code: 78,
      stdout: '',
      stderr: '--wrong: unknown option; llm-gateway --help shows those there are\n',
    });
  });

  test('--help tells them all', async () => {
    expect(await run(['--help'], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('llm-gateway check-config FILE'),
      stderr: '',
    });
  });

  test('a port in use ends the program with one line that names it, and exit code 78', async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '0.0.0.0', resolve));
    try {
      const ended = await run(['--port', String(port), '--data', 'unused'], { cwd: folder, env: { DATABASE_URL: database.url } });
      expect(ended).toMatchObject({
        code: 78,
        stderr: `Port ${port} is already in use. Stop the other program, or choose another port: --port ${port + 100}\n`,
      });
    } finally {
      other.close();
    }
  });
});

describe('key', () => {
  test('makes the master key where there is none, says where beside it, and prints the same again', async () => {
    const made = await run(['key', '--data', 'untouched'], { cwd: folder });
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^sk-[\w-]{43}\n$/),
      stderr: `Made ${folder}/untouched/secrets/master-key\n`,
    });
    expect(await run(['key', '--data', 'untouched'], { cwd: folder })).toEqual({ ...made, stderr: '' });
  });
});

describe('a start with a wrong configuration', () => {
  test('ends with file, line, column and key, and exit code 78', async () => {
    await writeFile(join(folder, 'wrong.yaml'), 'model_list: []\ngeneral_settings:\n  strict_status: perhaps\n');
    expect(await run(['--config', 'wrong.yaml'], { cwd: folder })).toEqual({
      code: 78,
      stdout: '',
      stderr: `${folder}/wrong.yaml:3:3: general_settings.strict_status: must be true or false\n`,
    });
  });
});

describe('check-config', () => {
  const ROW = 'model_list: [{ model_name: a, litellm_params: { model: openai/a, api_key: k } }]\n';
  const check = async (text: string): Promise<unknown> => {
    await writeFile(join(folder, 'mine.yaml'), text);
    return run(['check-config', 'mine.yaml'], { cwd: folder });
  };

  test('says that a file is fit', async () => {
    expect(await check(ROW)).toEqual({ code: 0, stdout: 'mine.yaml: fit to use\n', stderr: '' });
  });

  test('says file, line, column and key of each mistake', async () => {
    const lines =
      'mine.yaml:3:3: router_settings.num_retries: must be a whole number, 0 or more\nmine.yaml:5:3: litellm_settings.drop_params: must be true or false\n';
    expect(await check(`${ROW}router_settings:\n  num_retries: often\nlitellm_settings:\n  drop_params: 3x\n`)).toEqual({
      code: 1,
      stdout: lines,
      stderr: '',
    });
  });

  test('tries the database that the file names', async () => {
    const line =
      'mine.yaml:3:3: general_settings.database_url: database "books" at 127.0.0.1:1: the connection is refused: no PostgreSQL listens there\n';
    expect(await check(`${ROW}general_settings:\n  database_url: postgresql://u:hidden@127.0.0.1:1/books\n`)).toEqual({
      code: 1,
      stdout: line,
      stderr: '',
    });
  });

  test.each<[string, (url: URL) => void, RegExp]>([
    [
      'another database',
      (url) => (url.pathname = '/elsewhere'),
      /^environment: DATABASE_URL: database "elsewhere" at [^:]+: this database does not exist \(3D000\)$/,
    ],
    [
      'another password',
      (url) => (url.password = 'hidden'),
      /^environment: DATABASE_URL: database "\w+" at [^:]+: user "\w+" or the password is refused \(28P01\)$/,
    ],
    [
      'a host that nobody knows',
      (url) => (url.search = '?host=nowhere.invalid'),
      /^environment: DATABASE_URL: database "\w+" at nowhere\.invalid:5432: the host name is not known$/,
    ],
    [
      'an address without a database',
      (url) => Object.assign(url, { username: '', pathname: '' }),
      /^environment: DATABASE_URL: database_url names no database: /,
    ],
  ])('tells %s apart, in one line', async (_, change, expected) => {
    const file = join(folder, 'fit.yaml');
    await writeFile(file, ROW);
    expect(await problemsOf(file, { DATABASE_URL: database.url })).toEqual([]);
    const url = new URL(database.url);
    change(url);
    const problems = await problemsOf(file, { DATABASE_URL: url.href });
    expect(problems.map(problemText)).toEqual([expect.stringMatching(expected)]);
  });

  test('understands an address of libpq that has a socket in place of a host', async () => {
    const file = join(folder, 'fit.yaml');
    await writeFile(file, ROW);
    const problems = await problemsOf(file, { DATABASE_URL: 'postgresql://u:hidden@/books?host=/nowhere' });
    expect(problems.map(problemText)).toEqual([
      'environment: DATABASE_URL: database "books" at /nowhere: there is no socket: PostgreSQL is not running',
    ]);
  });

  test('does not wait for a database that takes the connection and says nothing', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    try {
      expect(await tryConnection(parseDatabaseUrl(`postgresql://u:hidden@127.0.0.1:${port}/books`), 100)).toBe(
        `database "books" at 127.0.0.1:${port}: no answer`,
      );
    } finally {
      silent.close();
    }
  });
});
