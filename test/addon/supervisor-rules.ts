/**
 * What Supervisor demands of an app's files, and what the public linter adds (a key must be known and must not repeat its default):
 * home-assistant.md 3 to 5, platform of 2026.08.
 */
import { z } from 'zod';

const PORT = z.int().min(1).max(65_535);
const VERSION = z.string().regex(/^\d+\.\d+\.\d+(?:[-.\w]*)$/, 'must be a version, as text');

/** A key whose default is left out. */
const notDefault = <S extends z.ZodType>(schema: S, standard: unknown) =>
  schema.refine((value) => value !== standard, `repeats its default ${JSON.stringify(standard)}`).optional();

const SCHEMA_ELEMENT = new RegExp(
  [
    '^(?:bool|email|url|port|device(?:\\(subsystem=[a-z]+\\))?',
    '(?:str|password)(?:\\((?:\\d+)?,(?:\\d+)?\\))?',
    '(?:int|float)(?:\\((?:-?[\\d.]+)?,(?:-?[\\d.]+)?\\))?',
    'match\\(.*\\)',
    'list\\([^|)]+(?:\\|[^|)]+)*\\))\\??$',
  ].join('|'),
);
const element = z.string().regex(SCHEMA_ELEMENT, 'is no type of Supervisor');
const group = z.record(z.string(), z.union([element, z.array(element).length(1)]));

const MAP_TYPES = [
  'data',
  'app_config',
  'homeassistant_config',
  'ssl',
  'share',
  'media',
  'backup',
  'local_apps',
  'all_app_configs',
] as const;

const map = z.strictObject({
  type: z.enum(MAP_TYPES),
  read_only: notDefault(z.boolean(), true),
  path: z.string().startsWith('/').optional(),
});

const portMap = z.record(z.string().regex(/^\d+(?:\/(?:tcp|udp))?$/), PORT.nullable());

/** `config.yaml`. Keys that are deprecated, or that only widen what an app may do and that this one does without, are not known here. */
export const AppConfig = z
  .strictObject({
    name: z.string().min(1),
    version: VERSION,
    slug: z.string().regex(/^[-_.A-Za-z0-9]+$/),
    description: z.string().min(1),
    arch: z.array(z.enum(['aarch64', 'amd64'])).min(1),
    url: z.url().optional(),
    image: z
      .string()
      .regex(/^(?:[a-z0-9{}.:-]+\/)*[a-z0-9{}_-]+\/[a-z0-9{}_.-]+$/, 'must be an image in lower case without a tag')
      .optional(),
    homeassistant: z
      .string()
      .regex(/^\d{4}\.\d+\.\d+$/)
      .optional(),
    startup: notDefault(z.enum(['initialize', 'system', 'services', 'application', 'once']), 'application'),
    boot: notDefault(z.enum(['auto', 'manual', 'manual_only']), 'auto'),
    init: notDefault(z.boolean(), true),
    stage: notDefault(z.enum(['stable', 'experimental', 'deprecated']), 'stable'),
    ports: portMap.optional(),
    ports_description: z.record(z.string(), z.string()).optional(),
    webui: z.string().optional(),
    ingress: notDefault(z.boolean(), false),
    ingress_port: notDefault(z.union([PORT, z.literal(0)]), 8099),
    ingress_entry: notDefault(z.string(), '/'),
    ingress_stream: notDefault(z.boolean(), false),
    panel_icon: notDefault(z.string().regex(/^mdi:[a-z0-9-]+$/), 'mdi:puzzle'),
    panel_title: z.string().optional(),
    panel_admin: notDefault(z.boolean(), true),
    hassio_api: notDefault(z.boolean(), false),
    hassio_role: notDefault(z.enum(['default', 'homeassistant', 'backup', 'manager', 'admin']), 'default'),
    homeassistant_api: notDefault(z.boolean(), false),
    auth_api: notDefault(z.boolean(), false),
    discovery: z.array(z.string().min(1)).optional(),
    services: z.array(z.string().regex(/^(?:mqtt|mysql):(?:provide|want|need)$/)).optional(),
    map: z.array(map).optional(),
    environment: z.record(z.string(), z.string()).optional(),
    tmpfs: notDefault(z.boolean(), false),
    timeout: notDefault(z.int().min(10).max(300), 10),
    backup: notDefault(z.enum(['hot', 'cold']), 'hot'),
    backup_pre: z.string().optional(),
    backup_post: z.string().optional(),
    backup_exclude: z.array(z.string()).optional(),
    ulimits: z.record(z.string(), z.union([z.int(), z.strictObject({ soft: z.int(), hard: z.int() })])).optional(),
    apparmor: notDefault(z.boolean(), true),
    breaking_versions: z.array(VERSION).optional(),
    host_network: notDefault(z.boolean(), false),
    host_pid: notDefault(z.boolean(), false),
    host_uts: notDefault(z.boolean(), false),
    docker_api: notDefault(z.boolean(), false),
    full_access: notDefault(z.boolean(), false),
    kernel_modules: notDefault(z.boolean(), false),
    privileged: z.array(z.string()).optional(),
    options: z.record(z.string(), z.unknown()),
    schema: z.record(z.string(), z.union([element, z.array(z.union([element, group])).length(1), group])),
  })
  .refine(({ name, panel_title }) => panel_title !== name, { path: ['panel_title'], error: 'repeats its default, the name' })
  .refine(({ ingress, webui }) => !(ingress && webui), { path: ['webui'], error: 'not together with ingress' })
  .refine(({ ports = {}, ingress_port = 8099 }) => !Object.hasOwn(ports, `${ingress_port}/tcp`), {
    path: ['ports'],
    error: 'the ingress port is not for the network (HA-NET-2)',
  })
  .refine(({ backup = 'hot', backup_pre }) => backup === 'hot' || backup_pre === undefined, {
    path: ['backup_pre'],
    error: 'a cold backup ignores it',
  })
  .refine(({ ports = {}, ports_description = {} }) => Object.keys(ports_description).every((port) => Object.hasOwn(ports, port)), {
    path: ['ports_description'],
    error: 'describes a port that there is not',
  });
export type AppConfig = z.infer<typeof AppConfig>;

export const RepositoryFile = z.strictObject({ name: z.string().min(1), url: z.url().optional(), maintainer: z.string().optional() });

const words = z.strictObject({ name: z.string().min(1), description: z.string().optional() });

export const TranslationFile = z.strictObject({
  configuration: z.record(z.string(), words.extend({ fields: z.record(z.string(), words).optional() })),
  network: z.record(z.string(), z.string()).optional(),
});

/** A default that its type does not take; a required option without a default is one too, since it would have to be filled in first. */
export function defaultTroubles({ options, schema }: AppConfig): string[] {
  return Object.entries(schema).flatMap(([name, type]) => {
    const value = options[name];
    if (value === undefined) return isOptional(type) ? [] : [`${name}: required, without a default`];
    return typeof type === 'string' && fits(type, value) ? [] : [`${name}: the default is no ${JSON.stringify(type)}`];
  });
}

function isOptional(type: AppConfig['schema'][string]): boolean {
  const inner = Array.isArray(type) ? type[0] : type;
  return typeof inner === 'string' && inner.endsWith('?');
}

function fits(type: string, value: unknown): boolean {
  const kind = type.replace(/\?$/, '');
  if (kind === 'bool') return typeof value === 'boolean';
  if (kind.startsWith('int')) return Number.isInteger(value);
  const choice = /^list\((.*)\)$/.exec(kind)?.[1];
  return typeof value === 'string' && (choice === undefined || choice.split('|').includes(value));
}

/** The security rating as Supervisor computes it: from 5, at most 8. */
export function ratingOf(config: AppConfig, ownProfile: boolean): number {
  if (config.full_access || config.docker_api) return 1;
  const dangerous = (config.privileged ?? []).length > 0 || config.kernel_modules === true;
  const role = config.hassio_role === 'admin' ? -2 : config.hassio_role === 'manager' ? -1 : 0;
  const points = [
    config.ingress ? 2 : config.auth_api ? 1 : 0,
    config.apparmor === false ? -1 : ownProfile ? 1 : 0,
    dangerous ? -1 : 0,
    role,
    config.host_network ? -1 : 0,
    config.host_pid ? -2 : 0,
    config.host_uts && config.privileged?.includes('SYS_ADMIN') ? -1 : 0,
  ];
  return Math.max(
    1,
    Math.min(
      8,
      points.reduce((sum, each) => sum + each, 5),
    ),
  );
}
