import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { LOG_LEVELS } from './options.ts';
import { networkOf } from './networks.ts';
import { BRIDGE_MODES, MEMBER_ACCESS } from './settings/home-assistant.ts';
import { isPostgresUrl } from './settings/general.ts';
import { flag, oneOf } from './settings/values.ts';

const given = z.string('must be a text').trim().min(1);

const days = z
  .unknown()
  .transform(Number)
  .refine((value) => Number.isInteger(value) && value >= 1 && value <= 3650, 'must be a whole number of days from 1 to 3650');

const fileBelowSsl = given.refine(
  (value) => !isAbsolute(value) && !value.split('/').includes('..'),
  'must be the name of a file below /ssl, such as fullchain.pem',
);

/** Variables that are not the owner's to set: the platform's, PostgreSQL's, and what changes the runtime itself. */
const REFUSED_VARIABLES = /^(?:SUPERVISOR_|HASSIO_|PG|NODE_OPTIONS=|GATEWAY_OPTION)/;

const variable = given
  .refine((value) => /^[A-Za-z_]\w*=/.test(value), 'must be NAME=value')
  .refine(
    (value) => !REFUSED_VARIABLES.test(value),
    'may not set names that begin with SUPERVISOR_, HASSIO_, PG or GATEWAY_OPTION, nor NODE_OPTIONS',
  );

/** A list, or text with one entry a line (networks: also by comma), as variables give it. */
const listOf = <S extends z.ZodType>(entry: S, between: RegExp) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(between) : value),
    z
      .array(z.unknown(), 'must be a list')
      .transform((entries) => entries.filter((each) => !isEmpty(each)))
      .pipe(z.array(entry)),
  );

/**
 * Options of the app of Home Assistant (home-assistant 5.2). What is left out keeps its default, which the settings know. Values come
 * from `options.json`, or as text from variables.
 */
export const AppOptions = z.strictObject({
  master_key: given.optional(),
  salt_key: given.optional(),
  ui_username: given.optional(),
  ui_password: given.optional(),
  database_url: given.refine(isPostgresUrl, 'must be a PostgreSQL address: postgresql://user:password@host:5432/name').optional(),
  store_model_in_db: flag.optional(),
  log_level: oneOf(LOG_LEVELS).optional(),
  bridge: oneOf(BRIDGE_MODES).optional(),
  ssl: flag.optional(),
  certfile: fileBelowSsl.default('fullchain.pem'),
  keyfile: fileBelowSsl.default('privkey.pem'),
  retention_days: days.optional(),
  member_access: oneOf(MEMBER_ACCESS).optional(),
  allowed_networks: listOf(
    given.refine((value) => networkOf(value) !== null, 'must hold addresses or networks, such as 192.168.1.0/24'),
    /[,\n]/,
  ).optional(),
  env_vars: listOf(variable, /\n/).optional(),
});
export type AppOptions = Readonly<z.infer<typeof AppOptions>>;

/** What Supervisor and people leave in a field that they did not fill. */
export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}
