import type { Rights, RouteGroup } from '../../core/route.ts';

/** What a group of routes is called for people. */
export const GROUP_TITLES: Readonly<Record<RouteGroup, string>> = {
  llm_api_routes: 'Models',
  mapped_pass_through_routes: 'Passed on',
  info_routes: 'Information',
  management_routes: 'Management',
  key_management_routes: 'Virtual keys',
  spend_tracking_routes: 'Spend',
  global_spend_tracking_routes: 'Spend of all',
  public_routes: 'Without a key',
};

/** Who may call a route. */
export const WHO: Readonly<Record<Rights, string>> = {
  public: 'anybody',
  info: 'any key, for what is its own',
  llm: 'any key',
  own: 'administrators; people for what is their own',
  read: 'administrators and viewers',
  home: 'the key of Home Assistant, administrators',
  admin: 'administrators',
  master: 'the master key',
};
