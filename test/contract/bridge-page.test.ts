import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACTION_DATA, ACTION_ERRORS } from '../../src/contract/bridge/actions.ts';
import { SCHEMA_MAX, SCHEMA_MIN } from '../../src/contract/bridge/commands.ts';
import { BRIDGE_EVENT_TYPES } from '../../src/contract/bridge/events.ts';
import * as snapshot from '../../src/contract/bridge/snapshot.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/bridge-protocol.md'), 'utf8');
const named = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

const lists: Readonly<Record<string, readonly string[]>> = {
  blocks: Object.keys(snapshot.BridgeSnapshot.shape).filter((name) => name !== 'at'),
  events: BRIDGE_EVENT_TYPES,
  actions: Object.keys(ACTION_DATA),
  'errors of actions': ACTION_ERRORS,
  'states of the gateway': snapshot.GATEWAY_STATES,
  'states of keys': snapshot.KEY_STATES,
  'states of providers': snapshot.BRIDGE_PROVIDER_STATES,
  'states of models': snapshot.MODEL_STATES,
  'states of budgets': snapshot.BUDGET_STATES,
};

test.each(Object.entries(lists))('the page of the protocol names all %s', (_, names) => {
  expect(names.filter((name) => !named.has(name))).toEqual([]);
});

test('it has an entry for each version that is served', () => {
  for (let version = SCHEMA_MIN; version <= SCHEMA_MAX; version++) expect(page).toMatch(new RegExp(`^\\| ${version} \\|`, 'm'));
});

test('it says how much of a long list is sent', () => {
  for (const [name, most] of Object.entries(snapshot.MOST)) expect(page).toMatch(new RegExp(`${most}\\s+${name}`));
});
