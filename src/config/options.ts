import { isAbsolute, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import type { Variables } from './expand.ts';
import { networkOf, type Network } from './networks.ts';
import { numberFromText } from './yaml/scalar.ts';

/** Exit codes of the program. */
export const EXIT = {
  ok: 0,
  /** The work was not done, or `check-config` found something. */
  failed: 1,
  /** Options, environment or configuration are wrong; starting again will not help (EX_CONFIG of sysexits.h). */
  config: 78,
} as const;

export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What must be known before the configuration file is read. */
export interface Options {
  /** Absolute path; made with samples when missing. */
  readonly configFile: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Absolute path of the data folder. */
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  /** Files of the certificate and its key; null: plain HTTP. */
  readonly tls: TlsFiles | null;
  /** Who may connect; empty: everybody. */
  readonly allowedNetworks: readonly Network[];
  /** Folder of PostgreSQL's programs, those of a backup among them; null: the npm package's, which has no others. */
  readonly postgresBin: string | null;
  /** Socket where this machine's administrator asks for a backup; null: there is none. */
  readonly controlSocket: string | null;
}

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

export type Command =
  | { readonly name: 'start'; readonly options: Options }
  /** Checks a file; `file` as given, so that messages name it as the person did. */
  | { readonly name: 'check-config'; readonly file: string }
  /** Prints the master key. */
  | { readonly name: 'key'; readonly options: Options }
  | { readonly name: 'help' }
  | { readonly name: 'version' };

export const USAGE = `Usage:
  llm-gateway [options]            start the gateway
  llm-gateway check-config FILE    tell what is wrong in a configuration file
  llm-gateway key [options]        print the master key

Options:
  --config FILE      configuration (default: litellm_config.yaml in the data folder, made when missing)
  --host ADDRESS     address to listen on (default: 0.0.0.0)
  --port N           port to listen on (default: 4000)
  --data DIR         data folder (default: ./data)
  --log-level LEVEL  ${LOG_LEVELS.join(', ')} (default: info)
  --help, --version

Environment: CONFIG_FILE_PATH, HOST, PORT, LITELLM_LOG and many more; see docs/configuration.md.
An option on the command line wins over the environment.
`;

const FLAGS = {
  config: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

const filled = z.string('needs a value').trim().min(1, 'needs a value');

const port = filled.transform((value, context) => {
  const number = /^\d+$/.test(value) ? numberFromText(value) : null;
  if (number !== null && number <= 65_535) return number;
  context.addIssue({ code: 'custom', message: 'must be a port from 0 to 65535' });
  return z.NEVER;
});

/** Words of the reference and of Python's logging that mean one of our levels. */
const LEVEL_WORDS: Readonly<Record<string, LogLevel>> = { warn: 'warning', critical: 'error', fatal: 'error', trace: 'debug' };

const logLevel = filled.transform((value, context): LogLevel => {
  const word = value.toLowerCase();
  const level = LOG_LEVELS.find((known) => known === word) ?? (Object.hasOwn(LEVEL_WORDS, word) ? LEVEL_WORDS[word] : undefined);
  if (level !== undefined) return level;
  context.addIssue({ code: 'custom', message: `must be one of: ${LOG_LEVELS.join(', ')}` });
  return z.NEVER;
});

const networks = filled.transform((value, context): Network[] =>
  value.split(',').flatMap((text) => {
    const network = networkOf(text);
    if (network !== null) return [network];
    context.addIssue({ code: 'custom', message: 'must hold addresses or networks with commas between them, such as 192.168.1.0/24' });
    return [];
  }),
);

const CommandLine = z.strictObject({
  config: filled.optional(),
  host: filled.optional(),
  port: port.optional(),
  data: filled.optional(),
  'log-level': logLevel.optional(),
  help: z.boolean().optional(),
  version: z.boolean().optional(),
});

const StartVariables = z.object({
  CONFIG_FILE_PATH: filled.optional(),
  HOST: filled.optional(),
  PORT: port.optional(),
  LITELLM_LOG: logLevel.optional(),
  SSL_CERTFILE_PATH: filled.optional(),
  SSL_KEYFILE_PATH: filled.optional(),
  GATEWAY_ALLOWED_NETWORKS: networks.default([]),
  GATEWAY_POSTGRES_BIN: filled.optional(),
  GATEWAY_CONTROL_SOCKET: filled.optional(),
});

/**
 * Reads the command line and the variables that matter before the file is read.
 *
 * @param argv arguments after the program's name
 * @param variables the environment; empty variables count as absent
 * @param cwd what relative paths start from
 * @throws {ConfigError} one line for each wrong option; names options, never values
 */
export function readCommand(argv: readonly string[], variables: Variables, cwd: string): Command {
  const { values, positionals } = parseArgs({ args: [...argv], options: FLAGS, strict: false, allowPositionals: true });
  const line = checked(CommandLine, values, (key) => `--${key}`);
  if (line.help) return { name: 'help' };
  if (line.version) return { name: 'version' };
  const [name = 'start', ...operands] = positionals;
  if (name === 'check-config') {
    const [file, ...rest] = operands;
    if (file === undefined || rest.length > 0)
      throw new ConfigError('check-config needs the name of one file: llm-gateway check-config FILE');
    return { name, file };
  }
  if (name !== 'start' && name !== 'key') throw new ConfigError('unknown command; llm-gateway --help shows those there are');
  if (operands.length > 0) throw new ConfigError(`${name} takes options only; llm-gateway --help shows them`);

  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const env = checked(StartVariables, set, (key) => key);
  const dataDir = resolve(cwd, line.data ?? 'data');
  const config = line.config ?? env.CONFIG_FILE_PATH;
  const options: Options = {
    configFile: config === undefined ? join(dataDir, 'litellm_config.yaml') : isAbsolute(config) ? config : resolve(cwd, config),
    host: line.host ?? env.HOST ?? '0.0.0.0',
    port: line.port ?? env.PORT ?? 4000,
    dataDir,
    logLevel: line['log-level'] ?? env.LITELLM_LOG ?? 'info',
    tls: tlsFiles(env.SSL_CERTFILE_PATH, env.SSL_KEYFILE_PATH),
    allowedNetworks: env.GATEWAY_ALLOWED_NETWORKS,
    postgresBin: env.GATEWAY_POSTGRES_BIN ?? null,
    controlSocket: env.GATEWAY_CONTROL_SOCKET ?? null,
  };
  return { name, options };
}

function tlsFiles(certificate: string | undefined, key: string | undefined): TlsFiles | null {
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  if (certificate === undefined && key === undefined) return null;
  const missing = key === undefined ? 'SSL_KEYFILE_PATH' : 'SSL_CERTFILE_PATH';
  throw new ConfigError(`${missing}: is missing; a certificate and its key are given together`);
}

function checked<S extends z.ZodType>(schema: S, values: unknown, named: (key: string) => string): z.output<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => `${named(key)}: unknown option; llm-gateway --help shows those there are`);
    return [`${named(String(issue.path[0]))}: ${issue.message}`];
  });
  throw new ConfigError(lines.join('\n'));
}
