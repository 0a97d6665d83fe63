import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { EmbeddedPostgres } from '../../../src/store/embedded/embedded-postgres.ts';
import { ask, lives, recordedLog, startEmbedded, until, useStoppedFolders } from './embedded-for-tests.ts';

const stoppedFolder = useStoppedFolders();

/** Another process that runs the PostgreSQL of the folder. */
async function otherGateway(directory: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'gateway-process.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, serverPid: Number(line.toString()) };
}

async function killed(child: ReturnType<typeof spawn>): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('its PostgreSQL lives on and is adopted', async () => {
  const directory = await stoppedFolder();
  const { child, serverPid } = await otherGateway(directory);
  await killed(child);
  const log = recordedLog();
  const server = await startEmbedded(directory, { log });
  expect(server.pid).toBe(serverPid);
  expect(await ask(server.address(), 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(log.lines).toEqual([expect.stringContaining('left running by a gateway that was killed')]);
  await server.stop();
  expect(await lives(serverPid)).toBe(false);
});

test('an adopted server is restarted like any other when it dies', async () => {
  const directory = await stoppedFolder();
  const { child, serverPid } = await otherGateway(directory);
  await killed(child);
  const server = await startEmbedded(directory);
  process.kill(serverPid, 'SIGKILL');
  await until(() => server.pid !== null && server.pid !== serverPid);
  expect(await ask(server.address(), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('while its gateway lives, the folder is refused and nothing is touched', async () => {
  const directory = await stoppedFolder();
  const { child, serverPid } = await otherGateway(directory);
  const second = new EmbeddedPostgres({ directory, log: recordedLog() });
  await expect(second.start()).rejects.toThrow(
    new RegExp(`Another gateway \\(process ${child.pid}\\) runs the PostgreSQL of this data folder`),
  );
  await second.stop();
  expect(await lives(serverPid)).toBe(true);
  await killed(child);
  await (await startEmbedded(directory)).stop();
});

test('one that does not answer any more is replaced', async () => {
  const directory = await stoppedFolder();
  const { child, serverPid } = await otherGateway(directory);
  await killed(child);
  // Its password was changed behind our back: as good as no answer.
  await writeFile(join(directory, 'password'), 'another\n');
  const server = new EmbeddedPostgres({ directory, log: recordedLog(), durable: false });
  await expect(server.start()).rejects.toThrow(/password/);
  expect(await lives(serverPid)).toBe(false);
});

test('a pid file whose number went to another program is no hindrance, and that program is left alone', async () => {
  const directory = await stoppedFolder();
  const stranger = spawn('sleep', ['60'], { uid: process.getuid?.() === 0 ? 65534 : undefined, stdio: 'ignore' });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  await once(stranger, 'spawn');
  const stale = [
    `${stranger.pid}`,
    join(directory, 'cluster'),
    '1700000000',
    '5432',
    join(directory, 'run'),
    '',
    '  1234567         1',
    'ready   ',
    '',
  ];
  await writeFile(join(directory, 'cluster', 'postmaster.pid'), stale.join('\n'));
  const server = await startEmbedded(directory);
  expect(await ask(server.address(), 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await lives(stranger.pid ?? 0)).toBe(true);
});

test('an owner whose process id went to another program is no owner', async () => {
  const directory = await stoppedFolder();
  await writeFile(join(directory, 'owner'), `${process.ppid} 1`);
  const server = await startEmbedded(directory);
  expect(await readFile(join(directory, 'owner'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  await server.stop();
});
