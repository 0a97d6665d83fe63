import { chmod, chown, lstat, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accountOf, makeOwnFolder } from '../../../src/homeassistant/prepare/account.ts';
import { isOlder } from '../../../src/homeassistant/prepare/version-order.ts';
import { House, OURS } from './house.ts';

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test('the first start makes the folders of the server, an identity, and a configuration with samples', async () => {
  const house = await House.make();
  await house.start();
  const { config, data, run } = house.places;
  expect(await Promise.all(['secrets', 'journal', 'kept', 'backup', 'bridge', 'postgres'].map((name) => modeOf(join(data, name))))).toEqual(
    [...Array.from({ length: 5 }, () => '700'), '711'],
  );
  expect(await modeOf(run)).toBe('755');
  expect(JSON.parse(await readFile(join(data, 'gateway.json'), 'utf8'))).toMatchObject({ schema: 1 });
  expect(await readFile(join(config, 'litellm_config.yaml'), 'utf8')).toContain('model_name: demo');
  expect(house.said).toContain('Made litellm_config.yaml with samples and a model called "demo"');
});

test('the identity and the configuration outlive the next start', async () => {
  const house = await House.make();
  await house.start();
  const [identity, config] = [join(house.places.data, 'gateway.json'), join(house.places.config, 'litellm_config.yaml')];
  const before = await readFile(identity, 'utf8');
  await writeFile(config, 'model_list: []\n');
  await house.start();
  expect(await readFile(identity, 'utf8')).toBe(before);
  expect(await readFile(config, 'utf8')).toBe('model_list: []\n');
});

test('without a folder for the owner’s files they are in the data folder', async () => {
  const house = await House.make();
  await rm(house.places.config, { recursive: true });
  await house.start();
  expect(await readFile(join(house.places.data, 'litellm_config.yaml'), 'utf8')).toContain('model_name: demo');
});

describe('certificates', () => {
  test('are copied for the server alone when ssl is on, and gone when it is off', async () => {
    const house = await House.make();
    await house.write(join(house.places.ssl, 'house/full.pem'), 'CERT');
    await house.write(join(house.places.ssl, 'privkey.pem'), 'KEY');
    await house.start({ ssl: true, certfile: 'house/full.pem' });
    const tls = join(house.places.run, 'tls');
    expect(await readFile(join(tls, 'house/full.pem'), 'utf8')).toBe('CERT');
    expect([await modeOf(tls), await modeOf(join(tls, 'privkey.pem'))]).toEqual(['700', '400']);
    await house.start({ ssl: false });
    await expect(stat(tls)).rejects.toThrow('ENOENT');
  });

  test('that are missing stop the start with a line that names option and file', async () => {
    const house = await House.make();
    await expect(house.start({ ssl: true })).rejects.toThrow(`Option certfile: ${house.places.ssl}/fullchain.pem does not exist`);
    await house.write(join(house.places.ssl, 'fullchain.pem'), 'CERT');
    await expect(house.start({ ssl: true })).rejects.toThrow(`Option keyfile: ${house.places.ssl}/privkey.pem does not exist`);
  });
});

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  const SOMEBODY = { uid: 4321, gid: 4321 };

  test('a folder with all that is in it becomes the account’s, and a link is not followed', async () => {
    const house = await House.make();
    const folder = join(house.places.data, 'backup');
    await mkdir(join(folder, 'deep'), { recursive: true });
    await writeFile(join(folder, 'deep/file'), '');
    const outside = join(house.places.data, 'outside');
    await writeFile(outside, '');
    await symlink(outside, join(folder, 'link'));
    await makeOwnFolder(folder, 0o700, SOMEBODY);
    expect((await stat(join(folder, 'deep/file'))).uid).toBe(4321);
    expect((await lstat(join(folder, 'link'))).uid).toBe(4321);
    expect((await stat(outside)).uid).toBe(OURS.uid);
  });

  test('a configuration that its owner saved for himself alone is readable for the server after the next start', async () => {
    const house = await House.make();
    const file = join(house.places.config, 'litellm_config.yaml');
    await writeFile(file, 'model_list: []\n');
    await chmod(file, 0o600);
    await chown(file, 4321, 4321);
    await house.start();
    expect((await stat(file)).uid).toBe(OURS.uid);
  });
});

test('an account is found by its name, and a missing one is told', async () => {
  const house = await House.make();
  const passwd = join(house.places.data, 'passwd');
  await writeFile(passwd, 'root:x:0:0:root:/root:/bin/sh\ngateway:x:4000:4001::/:/bin/false\n');
  expect(await accountOf('gateway', passwd)).toEqual({ uid: 4000, gid: 4001 });
  await expect(accountOf('nobody-here', passwd)).rejects.toThrow('There is no user nobody-here on this system');
});

test.each([
  ['0.1.0', '0.2.0', true],
  ['0.9.0', '0.10.0', true],
  ['0.10.0', '0.9.0', false],
  ['1.0.0', '1.0.0', false],
  ['1.0', '1.0.1', true],
  ['1.0.0b1', '1.0.0', true],
  ['1.0.0', '1.0.0b1', false],
  ['1.0.0b2', '1.0.0b10', true],
  ['v0.1.0', '0.1.1', true],
  ['nonsense', '0.1.0', true],
])('%s is older than %s: %s', (version, than, expected) => {
  expect(isOlder(version, than)).toBe(expected);
});
