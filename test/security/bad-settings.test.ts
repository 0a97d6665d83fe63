import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FIELDS_OF } from '../../src/config/settings/listed.ts';
import { isStartSetting } from '../../src/config/settings/run-time.ts';
import { NOTHING_STORED } from '../../src/config/stored-settings.ts';
import { forEach, startSurface, type Surface } from './hostile-gateway.ts';
import { HOSTILE } from './hostile-values.ts';

/** Every setting with every hostile value: what is taken may change how the gateway behaves, and never breaks it. */
let surface: Surface;

const LONG = 240_000;

beforeAll(async () => {
  surface = await startSurface();
});

afterEach(async () => {
  await surface.gateway.parts.settings.change(
    () => NOTHING_STORED,
    null,
    async () => undefined,
  );
  await surface.expectUnharmed();
}, LONG);

afterAll(() => surface.stop());

async function send(path: string, body: unknown): Promise<number> {
  const answer = await surface.gateway.call('POST', path, body);
  surface.judge(answer.status, await answer.text(), `${path} ${JSON.stringify(body).slice(0, 300)}`);
  return answer.status;
}

const SECTIONS = ['litellm_settings', 'router_settings', 'general_settings'] as const;

test(
  'every setting takes or refuses every value, and one that was refused is not in force',
  async () => {
    const cases = SECTIONS.flatMap((section) =>
      Object.values(FIELDS_OF[section]).flatMap(({ wire }) => HOSTILE.map((value) => ({ section, wire, value }))),
    );
    expect(cases.length).toBeGreaterThan(1000);
    await forEach(cases, async ({ section, wire, value }) => {
      const status = await send('/config/update', { [section]: { [wire]: value } });
      if (isStartSetting(section, wire)) expect(status, wire).toBe(400);
    });
    for (const section of SECTIONS) {
      const list = await surface.gateway.call('GET', `/config/list?config_type=${section}`);
      expect(list.status).toBe(200);
      surface.judge(200, await list.text(), section);
    }
  },
  LONG,
);

test(
  'sections, names and fields take any value',
  async () => {
    const names = ['litellm_settings', 'router_settings', 'general_settings', 'environment_variables'];
    const bodies = HOSTILE.flatMap((value) => [
      ...names.map((name) => ['/config/update', { [name]: value }] as const),
      ...names.map((name) => ['/config/update', { [name]: { [JSON.stringify(value).slice(0, 300)]: value } }] as const),
      ['/config/update', { environment_variables: { A_VARIABLE: value } }] as const,
      ['/config/field/update', { field_name: value, field_value: value, config_type: value }] as const,
      ['/config/field/update', { field_name: 'strict_status', field_value: value }] as const,
      ['/config/field/update', { field_name: 'A_VARIABLE', field_value: value, config_type: 'environment_variables' }] as const,
      ['/config/field/delete', { field_name: value, config_type: value }] as const,
    ]);
    await forEach(bodies, async ([path, body]) => {
      await send(path, body);
    });
  },
  LONG,
);
