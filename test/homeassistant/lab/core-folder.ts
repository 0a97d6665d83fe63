import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What `default_config` sets up, without what looks around in the network or asks the Internet. */
const INTEGRATIONS = [
  'assist_pipeline',
  'config',
  'conversation',
  'diagnostics',
  'frontend',
  'history',
  'logbook',
  'repairs',
  'system_health',
  'system_log',
  'websocket_api',
];

/**
 * A fresh configuration folder of a Core that listens on loopback alone.
 *
 * @param further YAML to append to configuration.yaml
 * @returns absolute path; who asked removes it
 */
export async function makeCoreFolder(port: number, further: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'core-'));
  await writeFile(path.join(folder, 'configuration.yaml'), configuration(port, further));
  // Where automations go that are made on the pages.
  await writeFile(path.join(folder, 'automations.yaml'), '[]\n');
  await mkdir(path.join(folder, '.storage'));
  // This step of the onboarding would look for integrations in the Internet: it is written as done.
  const onboarding = { version: 4, minor_version: 1, key: 'onboarding', data: { done: ['core_config'] } };
  await writeFile(path.join(folder, '.storage/onboarding'), JSON.stringify(onboarding));
  return folder;
}

/** Puts a custom integration where Core finds it at its next start. @param component its folder, named as its domain */
export async function placeComponent(folder: string, component: string): Promise<void> {
  const place = path.join(folder, 'custom_components', path.basename(component));
  await cp(component, place, { recursive: true, filter: (source) => path.basename(source) !== '__pycache__' });
}

function configuration(port: number, further: string): string {
  return [
    'homeassistant:',
    '  name: Lab',
    '  time_zone: Europe/Berlin',
    '  unit_system: metric',
    '  currency: EUR',
    '  country: DE',
    '  language: en',
    '  latitude: 52.5',
    '  longitude: 13.4',
    '  elevation: 34',
    'http:',
    '  server_host: 127.0.0.1',
    `  server_port: ${port}`,
    'automation: !include automations.yaml',
    'recorder:',
    '  commit_interval: 0',
    ...INTEGRATIONS.map((name) => `${name}:`),
    further,
    '',
  ].join('\n');
}
