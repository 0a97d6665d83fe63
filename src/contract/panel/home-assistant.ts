import { z } from 'zod';

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
  /** The files are there; Home Assistant must be restarted. */
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
    })
    .nullable()
    .describe('What the Supervisor says of the app; null outside Home Assistant.'),
  integration: z
    .object({ version: z.string(), on_disk: z.string().nullable() })
    .nullable()
    .describe('What the integration said of itself; null: it did not.'),
  told_at: z.iso.datetime().nullable().describe('When Home Assistant last took news.'),
  key: z.string().nullable().describe('Hash of the key that Home Assistant calls with.'),
});
export type PanelHome = z.infer<typeof PanelHome>;

export const HOME_ACTIONS = ['announce', 'install', 'restart_home_assistant', 'show_in_sidebar', 'watch'] as const;

/** Body of `POST /panel/home-assistant`. */
export const PanelHomeAction = z.object({
  action: z
    .enum(HOME_ACTIONS)
    .describe('`install` puts the integration in place, for which the app restarts. `restart_home_assistant` ends what runs there.'),
});
