import { z } from 'zod';

/** Whose the integration's files are when they are not the app's; `edited` and `by_hand` may be replaced when a person says so. */
export const BRIDGE_OWNERS = ['link', 'other', 'hacs', 'by_hand', 'edited'] as const;

/** How things stand between the gateway and Home Assistant (home-assistant 15.1). */
export const HOME_STATES = [
  /** Home Assistant was not named. */
  'off',
  /** It does not answer. */
  'waiting',
  /** It does not take our token. */
  'refused',
  /** It runs without the integration. */
  'absent',
  /** The integration's files are there, and belong to somebody else. */
  'foreign',
  /** It runs without the integration, and the app may not look into its folder. */
  'no_access',
  /** The files are there, or newer ones than those that run; Home Assistant must be restarted. */
  'pending_restart',
  /** It was found and waits for somebody to confirm. */
  'discovered',
  /** It is loaded and nobody set it up. */
  'not_configured',
  /** Its entry is disabled or could not be set up. */
  'entry_problem',
  /** It speaks another version of the contract. */
  'incompatible',
  'connected',
] as const;

/** Answer of `GET /panel/home-assistant`. */
export const PanelHome = z.object({
  state: z.enum(HOME_STATES),
  app: z
    .object({
      slug: z.string(),
      version: z.string(),
      version_latest: z.string().nullable(),
      port: z.int().nullable().describe('Port at the host of Home Assistant; null: the gateway is not reached from the network.'),
      in_sidebar: z.boolean(),
      watched: z.boolean().describe('The Supervisor starts it again when it fails.'),
      encrypted: z.boolean().describe('The port speaks TLS with certificates of Home Assistant.'),
    })
    .nullable()
    .describe('What the Supervisor says of the app; null outside Home Assistant.'),
  integration: z
    .object({ version: z.string(), on_disk: z.string().nullable() })
    .nullable()
    .describe('What the integration said of itself; null: it did not.'),
  files: z
    .object({
      owner: z.enum(BRIDGE_OWNERS).nullable().describe('Who put them there when it was not the app; null: the app, or there are none.'),
      replaceable: z.boolean().describe('`replace` and `remove` are possible.'),
      installed_version: z.string().nullable(),
      bundled_version: z.string().nullable().describe('Version that the app brings.'),
      kept_away: z.boolean().describe('It was removed by `remove`, and is not installed again without `install`.'),
      trouble: z.string().nullable().describe('Why the last change failed.'),
    })
    .nullable()
    .describe('What the app’s start found in Home Assistant’s folder of integrations; null outside Home Assistant.'),
  told_at: z.iso.datetime().nullable().describe('When Home Assistant last took news.'),
  key: z.string().nullable().describe('Hash of the key that Home Assistant calls with.'),
});
export type PanelHome = z.infer<typeof PanelHome>;

/** What the app does by starting again: it writes into folders that the running gateway may not touch. */
export const START_ACTIONS = ['install', 'replace', 'remove', 'reread_certificates'] as const;
export const HOME_ACTIONS = ['announce', 'restart_home_assistant', 'show_in_sidebar', 'watch', ...START_ACTIONS] as const;

/** Body of `POST /panel/home-assistant`. */
export const PanelHomeAction = z.object({
  action: z
    .enum(HOME_ACTIONS)
    .describe(
      '`install`, `replace` and `remove` change the files of the integration, `reread_certificates` takes renewed ones: the app restarts for each. ' +
        '`restart_home_assistant` ends what runs there.',
    ),
});
