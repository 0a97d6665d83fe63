import { describe, expect, test } from 'vitest';
import type { Variables } from '../../src/config/expand.ts';
import { readCommand } from '../../src/config/options.ts';
import { ConfigError } from '../../src/core/errors.ts';

const read = (argv: string, variables: Variables = {}) => readCommand(argv.split(' ').filter(Boolean), variables, '/home/me');

describe('the command line', () => {
  test('without anything starts on all interfaces, port 4000, with ./data', () => {
    expect(read('')).toEqual({
      name: 'start',
      options: {
        configFile: '/home/me/data/litellm_config.yaml',
        host: '0.0.0.0',
        port: 4000,
        dataDir: '/home/me/data',
        logLevel: 'info',
        tls: null,
        allowedNetworks: [],
        postgresBin: null,
        controlSocket: null,
      },
    });
  });

  test.each([
    ['--port 0', {}, { port: 0 }],
    ['--port=8080', { PORT: '9' }, { port: 8080 }],
    ['', { PORT: '9' }, { port: 9 }],
    ['', { PORT: '' }, { port: 4000 }],
    ['--host 127.0.0.1', { HOST: '::1' }, { host: '127.0.0.1' }],
    ['', { HOST: '::1' }, { host: '::1' }],
    ['--data /srv/gw', {}, { dataDir: '/srv/gw', configFile: '/srv/gw/litellm_config.yaml' }],
    ['--config my.yaml', { CONFIG_FILE_PATH: '/etc/other.yaml' }, { configFile: '/home/me/my.yaml' }],
    ['', { CONFIG_FILE_PATH: '/etc/other.yaml' }, { configFile: '/etc/other.yaml' }],
    ['--log-level DEBUG', {}, { logLevel: 'debug' }],
    ['', { LITELLM_LOG: 'WARN' }, { logLevel: 'warning' }],
    ['', { SSL_CERTFILE_PATH: '/c.pem', SSL_KEYFILE_PATH: '/k.pem' }, { tls: { certificate: '/c.pem', key: '/k.pem' } }],
    [
      '',
      { GATEWAY_POSTGRES_BIN: '/pg/bin', GATEWAY_CONTROL_SOCKET: '/run/c.sock' },
      { postgresBin: '/pg/bin', controlSocket: '/run/c.sock' },
    ],
  ])('%s with %j', (argv, variables, expected) => {
    expect(read(argv, variables)).toMatchObject({ name: 'start', options: expected });
  });

  test('knows the other commands', () => {
    expect(read('check-config some/file.yaml')).toEqual({ name: 'check-config', file: 'some/file.yaml' });
    expect(read('key --data d')).toMatchObject({ name: 'key', options: { dataDir: '/home/me/d' } });
    expect(read('--help')).toEqual({ name: 'help' });
    expect(read('--version')).toEqual({ name: 'version' });
  });

  test.each([
    ['--port secret', {}, '--port: must be a port from 0 to 65535'],
    ['--port 65536', {}, '--port: must be a port from 0 to 65535'],
    ['--port', {}, '--port: needs a value'],
    ['--config', {}, '--config: needs a value'],
    ['--prot 3', {}, '--prot: unknown option; llm-gateway --help shows those there are'],
    ['--master-key=sk-secret', {}, '--master-key: unknown option; llm-gateway --help shows those there are'],
    ['-p 3', {}, '--p: unknown option; llm-gateway --help shows those there are'],
    ['--log-level loud', {}, '--log-level: must be one of: debug, info, notice, warning, error'],
    ['', { PORT: 'secret' }, 'PORT: must be a port from 0 to 65535'],
    ['', { SSL_CERTFILE_PATH: '/c.pem' }, 'SSL_KEYFILE_PATH: is missing; a certificate and its key are given together'],
    ['', { SSL_KEYFILE_PATH: '/k.pem' }, 'SSL_CERTFILE_PATH: is missing; a certificate and its key are given together'],
    [
      '',
      { GATEWAY_ALLOWED_NETWORKS: '10.0.0.0/8,home' },
      'GATEWAY_ALLOWED_NETWORKS: must hold addresses or networks with commas between them, such as 192.168.1.0/24',
    ],
    ['', { LITELLM_LOG: 'secret' }, 'LITELLM_LOG: must be one of: debug, info, notice, warning, error'],
    ['strat', {}, 'unknown command; llm-gateway --help shows those there are'],
    ['start now', {}, 'start takes options only; llm-gateway --help shows them'],
    ['check-config', {}, 'check-config needs the name of one file: llm-gateway check-config FILE'],
    ['check-config a b', {}, 'check-config needs the name of one file: llm-gateway check-config FILE'],
  ])('%s with %j is refused in one line that quotes no value', (argv, variables, message) => {
    const run = () => read(argv, variables);
    expect(run).toThrow(ConfigError);
    expect(run).toThrow(new ConfigError(message));
  });
});
