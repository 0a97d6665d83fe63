import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { programVariables, readAppOptions } from '../../src/config/app-variables.ts';
import type { Variables } from '../../src/config/expand.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/core/errors.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'app-options-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As Supervisor starts an app: options in a file, a token in the environment. */
async function asApp(options: unknown, more: Variables = {}): Promise<Variables> {
  const file = join(folder, 'options.json');
  await writeFile(file, typeof options === 'string' ? options : JSON.stringify(options));
  return { GATEWAY_OPTIONS_FILE: file, SUPERVISOR_TOKEN: 'token-of-supervisor', ...more };
}

const variablesFor = async (options: unknown, more?: Variables) => programVariables(await asApp(options, more));

/** What a start with these options says. */
async function refusal(options: unknown, more?: Variables): Promise<string> {
  const error: unknown = await readAppOptions(await asApp(options, more)).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as Error).message;
}

const MASTER = 'sk-a-long-key-of-this-house';

describe('options of the app', () => {
  test('mean what they mean to the reference', async () => {
    const variables = await variablesFor({
      master_key: MASTER,
      salt_key: 'a salt that nobody knows of',
      ui_username: 'admin',
      ui_password: 'secret',
      database_url: 'postgresql://u:p@db.example:5432/litellm',
      store_model_in_db: false,
    });
    expect(variables).toMatchObject({
      LITELLM_MASTER_KEY: MASTER,
      LITELLM_SALT_KEY: 'a salt that nobody knows of',
      UI_USERNAME: 'admin',
      PROXY_ADMIN_ID: 'admin',
      UI_PASSWORD: 'secret',
      DATABASE_URL: 'postgresql://u:p@db.example:5432/litellm',
      STORE_MODEL_IN_DB: 'false',
    });
  });

  test('reach the configuration, over the file', async () => {
    const file = join(folder, 'litellm_config.yaml');
    await writeFile(
      file,
      'general_settings: {maximum_spend_logs_retention_period: 5d, store_model_in_db: true}\nenvironment_variables: {GATEWAY_MEMBER_ACCESS: own_keys}\n',
    );
    const options = { retention_days: 30, store_model_in_db: false, member_access: 'none', bridge: 'notify', env_vars: ['FOO=a=b'] };
    const config = await loadConfig({ file, variables: await variablesFor(options) });
    expect(config.general.spendLogRetention).toEqual({ amount: 30, unit: 'd' });
    expect(config.general.storeModelInDb).toBe(false);
    expect(config.environment).toMatchObject({ memberAccess: 'none', bridge: 'notify' });
    expect(config.variables['FOO']).toBe('a=b');
  });

  test('that are not given change nothing, and empty fields count as not given', async () => {
    const variables = await variablesFor({ master_key: '', salt_key: null, ui_password: ' ', allowed_networks: [], env_vars: [] });
    expect(Object.keys(variables).toSorted()).toEqual(['GATEWAY_OPTIONS_FILE', 'SUPERVISOR_TOKEN']);
  });

  test('without a file there are none', async () => {
    expect(await readAppOptions({ GATEWAY_OPTIONS_FILE: join(folder, 'none.json') })).toMatchObject({});
    expect(await programVariables({ HOME: '/x' })).toEqual({ HOME: '/x' });
  });

  test('may come from variables, and those go first', async () => {
    const variables = await asApp(
      { log_level: 'info' },
      {
        GATEWAY_OPTION_LOG_LEVEL: 'debug',
        GATEWAY_OPTION_SSL: 'true',
        GATEWAY_OPTION_RETENTION_DAYS: '14',
        GATEWAY_OPTION_ALLOWED_NETWORKS: '192.168.1.0/24, fd00::/8',
      },
    );
    expect(await readAppOptions(variables)).toMatchObject({
      log_level: 'debug',
      ssl: true,
      retention_days: 14,
      allowed_networks: ['192.168.1.0/24', 'fd00::/8'],
    });
  });

  test('ssl names the files below the folder of certificates', async () => {
    expect(await variablesFor({ ssl: true, certfile: 'house/full.pem' }, { GATEWAY_SSL_FOLDER: '/run/gateway/tls' })).toMatchObject({
      SSL_CERTFILE_PATH: '/run/gateway/tls/house/full.pem',
      SSL_KEYFILE_PATH: '/run/gateway/tls/privkey.pem',
    });
    expect(await variablesFor({ ssl: false, certfile: 'full.pem' })).not.toHaveProperty('SSL_CERTFILE_PATH');
  });

  test('no file reads the keys to Home Assistant out of the environment', async () => {
    const file = join(folder, 'litellm_config.yaml');
    const names = ['SUPERVISOR_TOKEN', 'HASSIO_TOKEN', 'HOME_ASSISTANT_TOKEN'];
    await writeFile(file, `environment_variables: {${names.map((name, index) => `A${index}: os.environ/${name}`).join(', ')}}\n`);
    const tokens = { HASSIO_TOKEN: 'token-of-supervisor', HOME_ASSISTANT_TOKEN: 'token-of-supervisor' };
    const { variables, warnings } = await loadConfig({ file, variables: await variablesFor({}, tokens) });
    expect(JSON.stringify(variables)).not.toContain('token-of-supervisor');
    expect(warnings).toHaveLength(3);
  });
});

describe('an option that cannot be used stops the start with one line that names it, what it wants, and never its value', () => {
  test.each([
    [{ log_level: 'loud' }, 'Option log_level: must be one of: debug, info, notice, warning, error'],
    [{ bridge: 'maybe' }, 'Option bridge: must be one of: auto, notify, manual'],
    [{ member_access: 'all' }, 'Option member_access: must be one of: none, own_keys'],
    [{ store_model_in_db: 'perhaps' }, 'Option store_model_in_db: must be true or false'],
    [{ ssl: 'perhaps' }, 'Option ssl: must be true or false'],
    [{ certfile: '../data/secrets/salt-key' }, 'Option certfile: must be the name of a file below /ssl, such as fullchain.pem'],
    [{ keyfile: '/etc/shadow' }, 'Option keyfile: must be the name of a file below /ssl, such as fullchain.pem'],
    [{ retention_days: 0 }, 'Option retention_days: must be a whole number of days from 1 to 3650'],
    [{ retention_days: '1.5' }, 'Option retention_days: must be a whole number of days from 1 to 3650'],
    [
      { database_url: 'mysql://u:secret@h/x' },
      'Option database_url: must be a PostgreSQL address: postgresql://user:password@host:5432/name',
    ],
    [{ master_key: ['sk-secret'] }, 'Option master_key: must be a text'],
    [{ ui_username: 7 }, 'Option ui_username: must be a text'],
    [{ allowed_networks: ['192.168.1.0/33'] }, 'Option allowed_networks: must hold addresses or networks, such as 192.168.1.0/24'],
    [{ allowed_networks: ['10.1'] }, 'Option allowed_networks: must hold addresses or networks, such as 192.168.1.0/24'],
    [{ allowed_networks: { a: 1 } }, 'Option allowed_networks: must be a list'],
    [{ env_vars: ['no equals sign'] }, 'Option env_vars: must be NAME=value'],
    [{ storage: 'secret' }, 'Option storage: there is no such option; remove it'],
  ])('%j', async (options, line) => {
    expect(await refusal(options)).toBe(line);
  });

  test.each(['SUPERVISOR_TOKEN', 'HASSIO_TOKEN', 'PGHOST', 'NODE_OPTIONS', 'GATEWAY_OPTION_BRIDGE'])(
    'env_vars may not set %s',
    async (name) => {
      expect(await refusal({ env_vars: [`${name}=secret`] })).toBe(
        'Option env_vars: may not set names that begin with SUPERVISOR_, HASSIO_, PG or GATEWAY_OPTION, nor NODE_OPTIONS',
      );
    },
  );

  test('env_vars may not set what an option of its own sets', async () => {
    expect(await refusal({ ui_username: 'admin', env_vars: ['UI_USERNAME=bob'] })).toBe(
      'Option env_vars: UI_USERNAME is set by an option of its own; remove it here',
    );
  });

  test('each wrong option has its line', async () => {
    expect((await refusal({ ssl: 'perhaps', bridge: 'maybe' })).split('\n')).toHaveLength(2);
  });

  test.each([
    ['{', 'is not JSON'],
    ['[]', 'must be a map of options'],
  ])('a file that holds %s', async (text, words) => {
    expect(await refusal(text)).toBe(`${join(folder, 'options.json')}: ${words}`);
  });

  test.each([
    [{ master_key: 'sk-change-this-master-key' }, 'master_key'],
    [{ master_key: 'sk-1234' }, 'master_key'],
    [{ salt_key: 'change-this-random-salt' }, 'salt_key'],
  ])('an example of the reference under Supervisor: %j', async (options, name) => {
    expect(await refusal(options)).toBe(`Option ${name}: is an example that everybody knows; leave it empty to have a random one made`);
  });

  test('an example is only warned of elsewhere, and when its owner insists', async () => {
    const options = { master_key: 'sk-1234' };
    expect(await readAppOptions(await asApp(options, { SUPERVISOR_TOKEN: '' }))).toMatchObject(options);
    const insisting = { ...options, env_vars: ['LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY=true'] };
    expect(await readAppOptions(await asApp(insisting))).toMatchObject(options);
  });
});
