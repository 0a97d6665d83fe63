import { z } from 'zod';

/** `GET /routes` (control-plane 14.2). */
export const RouteList = z.object({
  routes: z.array(z.object({ path: z.string(), methods: z.array(z.string()), name: z.string(), endpoint: z.string() })),
});

/** `GET /public/endpoints`: what models can be called by, and which providers serve it. */
export const EndpointList = z.object({
  endpoints: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      endpoint: z.string(),
      providers: z.array(z.object({ slug: z.string(), display_name: z.string() })),
    }),
  ),
});

/** `GET /.well-known/litellm-ui-config` */
export const UiConfig = z.object({
  server_root_path: z.string(),
  proxy_base_url: z.string().nullable(),
  auto_redirect_to_sso: z.boolean(),
  admin_ui_disabled: z.boolean(),
  sso_configured: z.boolean(),
  hide_default_credentials_hint: z.boolean(),
  is_control_plane: z.boolean(),
  workers: z.array(z.string()),
});

/** `GET /sso/get/ui_settings` */
export const UiSettings = z.object({
  PROXY_BASE_URL: z.string().nullable(),
  PROXY_LOGOUT_URL: z.string().nullable(),
  DEFAULT_TEAM_DISABLED: z.boolean(),
  SSO_ENABLED: z.boolean(),
  NUM_SPEND_LOGS_ROWS: z.int().describe('Always 0: nothing here becomes slow with their number.'),
  DISABLE_EXPENSIVE_DB_QUERIES: z.boolean(),
});

/** What goes wrong, on every route of OpenAI's shape. */
export const ErrorBody = z
  .looseObject({
    error: z.looseObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'Error' });

/** The same on routes of management; a body of the wrong shape has the list alone. */
export const ControlErrorBody = z
  .looseObject({
    error: z.looseObject({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string().nullable() }).optional(),
    detail: z.union([z.string(), z.array(z.object({ loc: z.array(z.union([z.string(), z.int()])), msg: z.string(), type: z.string() }))]),
  })
  .meta({ id: 'ManagementError' });
