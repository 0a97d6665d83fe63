import { once } from 'node:events';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { launchBrowser } from '../panel/support/chromium.ts';
import { browserCall } from './lab/browser-call.ts';
import { missingCore } from './lab/core.ts';
import { CoreSocket } from './lab/core-socket.ts';
import { DummyApp, headersNamed, type Received } from './lab/dummy-app.ts';
import { Frontend } from './lab/frontend.ts';
import { HomeAssistant } from './lab/home-assistant.ts';
import type { Person } from './lab/people.ts';
import type { InstalledApp } from './lab/supervisor/app.ts';
import { CoreDoor } from './lab/supervisor/core-door.ts';
import { eventually } from './lab/within.ts';

const missing = await missingCore();
const SLUG = 'local_dummy';

/** A page that says who it was shown to. */
const app = new DummyApp({
  '/': (request, response) => {
    const [[, name] = ['', 'nobody']] = headersNamed(request, 'x-remote-user-display-name');
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><meta charset="utf-8"><title>Dummy</title><p>Shown to ${name}</p>`);
  },
});

describe.skipIf(missing !== null)('a real Core with a fake Supervisor', () => {
  let home: HomeAssistant;
  let door: CoreDoor;
  let installed: InstalledApp;
  let paul: Person;
  let browser: Browser;

  beforeAll(async () => {
    await app.start();
    home = await HomeAssistant.start({
      components: [path.join(import.meta.dirname, 'lab/components/counting')],
      install: (supervisor) => {
        installed = supervisor.install({
          slug: SLUG,
          name: 'Dummy app',
          panel_title: 'Dummy',
          version: '1.2.3',
          ingress_port: app.port,
          discovery: ['counting'],
        });
      },
    });
    paul = await home.core.addPerson('Paul', { admin: false });
    door = new CoreDoor(home.supervisor.port);
    await door.start();
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await door?.stop();
    await home?.stop();
    await app.stop();
  });

  test('takes every answer and asks nothing that the fake does not know', async () => {
    expect(await home.core.client.entries('hassio')).toMatchObject([{ state: 'loaded', reason: null }]);
    expect(home.supervisor.calls.filter(({ status, path: asked }) => status !== 200 && asked !== '/supervisor/update')).toEqual([]);
    expect(home.supervisor.calls.map(({ path: asked }) => asked)).toEqual(
      expect.arrayContaining(['/ingress/panels', `/addons/${SLUG}/info`, '/discovery']),
    );
    expect(home.supervisor.corePort).toBe(home.core.port);
    expect(home.core.log.troubles()).toEqual([]);
  });

  test('has devices and entities for the app and for Supervisor itself', async () => {
    const devices = await home.core.client.devices();
    const device = devices.find(({ name }) => name === 'Dummy app');
    expect(device).toMatchObject({ sw_version: '1.2.3', identifiers: [['hassio', SLUG]] });
    expect((await home.core.client.entities('hassio')).filter(({ device_id }) => device_id === device?.id)).not.toEqual([]);
  });

  test('shows the app in the sidebar to a person who logs in, and its panel knows the person', async () => {
    const frontend = await Frontend.open(browser, home.core.url);
    await frontend.logIn(home.core.owner);
    const panel = await frontend.openPanel('Dummy');
    await panel.getByText('Shown to Olga').waitFor();
    expect(new URL(frontend.page.url()).pathname).toBe(`/${SLUG}`);
    expect(headersNamed(app.last, 'x-remote-user-id')).toEqual([['X-Remote-User-Id', home.core.owner.id]]);
    await home.supervisor.showPanel(installed, false);
    await frontend.entry('Dummy').waitFor({ state: 'detached' });
    await home.supervisor.showPanel(installed, true);
    await frontend.entry('Dummy').waitFor();
    expect(frontend.foreign).toEqual([]);
    await frontend.close();
  }, 180_000);

  test('lets a person who is no administrator reach the app under the name of one', async () => {
    const frontend = await Frontend.open(browser, home.core.url);
    await frontend.logIn(paul);
    const socket = await CoreSocket.connect(`${home.core.url.replace('http', 'ws')}/api/websocket`, paul.token);
    const { session } = (await socket.command('supervisor/api', { endpoint: '/ingress/session', method: 'post' })) as { session: string };
    socket.close();
    await frontend.page
      .context()
      .addCookies([{ name: 'ingress_session', value: session, domain: '127.0.0.1', path: '/api/hassio_ingress/' }]);
    const status = await frontend.page.evaluate(async ({ url, id }) => (await fetch(url, { headers: { 'x-remote-user-id': id } })).status, {
      url: `${installed.ingressEntry}/mine`,
      id: home.core.owner.id,
    });
    expect(status).toBe(200);
    expect(headersNamed(app.last, 'x-remote-user-id')).toEqual([['x-remote-user-id', home.core.owner.id]]);
    expect(headersNamed(app.last, 'x-remote-user-display-name')).toEqual([['X-Remote-User-Display-Name', 'Paul']]);
    await frontend.close();
  }, 180_000);

  describe('compared with the stand-in for its half of ingress', () => {
    const ofHouse = ({ method, url, rawHeaders, body }: Received, host: string): unknown => ({
      method,
      url,
      body: body.toString(),
      headers: rawHeaders.map((text) => text.replaceAll(host, 'HOST').replace(/^HomeAssistant\/2026\.11\.0.*/, 'CORE')),
    });

    test.for([
      ['GET', '/x', {}],
      ['GET', '/a%2Fb%3Fc/+%25%41/%C3%BC?q&r=a%20b%2Fc', { 'User-Agent': 'Browser/1', 'accept-language': 'de', 'X-Remote-User-ID': 'me' }],
      ['GET', '/a%23b', { 'x-hass-source': 'me', 'X-FORWARDED-HOST': 'me', 'Accept-Encoding': 'br' }],
      ['POST', '/x', { 'Content-Type': 'application/json; charset=utf-8' }],
      ['DELETE', '/x', {}],
    ] as const)('%s %s reaches the app alike', async ([method, asked, headers]) => {
      const cookie = `ingress_session=${await home.supervisor.openSession(paul.id)}`;
      const seen: unknown[] = [];
      for (const url of [home.core.url, door.url]) {
        const body = method === 'POST' ? { body: '{"a":1}' } : {};
        const answer = await browserCall(`${url}${installed.ingressEntry}${asked}`, {
          method,
          headers: { ...headers, Cookie: cookie },
          ...body,
        });
        const kept = Object.entries(answer.headers).filter(([name]) => !['date', 'content-length'].includes(name));
        seen.push([answer.status, Object.fromEntries(kept), ofHouse(app.last, new URL(url).host)]);
      }
      expect(seen[1]).toEqual(seen[0]);
    });

    test('a caller who says that it speaks for another address is refused', async () => {
      const asked = `${installed.ingressEntry}/x`;
      for (const url of [home.core.url, door.url])
        expect(await browserCall(`${url}${asked}`, { headers: { 'x-forwarded-for': '8.8.8.8' } })).toMatchObject({ status: 400 });
    });

    test('a refused socket opens and closes alike', async () => {
      const cookie = `ingress_session=${await home.supervisor.openSession(paul.id)}`;
      const codes: unknown[] = [];
      for (const url of [home.core.url, door.url]) {
        const socket = new WebSocket(`${url.replace('http', 'ws')}${installed.ingressEntry}/refused`, { headers: { Cookie: cookie } });
        await once(socket, 'open');
        codes.push((await once(socket, 'close'))[0]);
      }
      expect(codes).toEqual([1000, 1000]);
    });
  });

  test('serves an app by its own token, but for what is about Supervisor', async () => {
    const socket = await CoreSocket.connect(`${home.supervisor.url.replace('http', 'ws')}/core/websocket`, installed.token);
    expect(await socket.command('auth/current_user')).toMatchObject({ name: 'Supervisor', is_admin: true });
    await expect(socket.command('supervisor/api', { endpoint: '/info', method: 'get' })).rejects.toMatchObject({ code: 'unauthorized' });
    socket.close();
    await expect(CoreSocket.connect(`${home.supervisor.url.replace('http', 'ws')}/core/websocket`, 'wrong')).rejects.toMatchObject({
      code: 'auth_invalid',
    });
    const rest = async (asked: string): Promise<number> =>
      (await fetch(`${home.supervisor.url}/core/api/${asked}`, { headers: { authorization: `Bearer ${installed.token}` } })).status;
    expect([await rest('states'), await rest('hassio/info')]).toEqual([200, 403]);
  });

  test('starts a dialog for what an app announces, and again after a restart', async () => {
    await fetch(`${home.supervisor.url}/discovery`, {
      method: 'POST',
      headers: { authorization: `Bearer ${installed.token}` },
      body: JSON.stringify({ service: 'counting', config: { what: 'sheep' } }),
    });
    const flow = async (): Promise<unknown> => (await home.core.client.flowsInProgress('counting'))[0] ?? null;
    const waiting = (): Promise<unknown> => eventually(20_000, flow, () => `no dialog:\n${home.core.log.tail()}`);
    const expected = { context: { source: 'hassio', title_placeholders: { name: 'sheep of Dummy app' } } };
    expect(await waiting()).toMatchObject(expected);
    await home.core.restart();
    expect(home.supervisor.calls.filter(({ path: asked }) => asked === '/core/restart')).toHaveLength(1);
    expect(await waiting()).toMatchObject(expected);
  }, 240_000);

  test('says no error but that of the refused caller, and tries to reach no other machine', () => {
    expect(home.core.log.troubles()).toMatchObject([{ logger: 'homeassistant.components.http.forwarded' }]);
    expect(home.core.log.attemptsToLeave()).toEqual([]);
  });
});
