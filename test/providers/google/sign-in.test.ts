import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json-object.ts';
import type { Resolved } from '../../../src/providers/resolve.ts';
import { resolve } from '../resolving.ts';
import { serviceAccount } from './accounts.ts';

type Env = Readonly<Record<string, string>>;

const { file } = serviceAccount('https://oauth2.googleapis.com/token');
const TEXT = JSON.stringify(file);
const FILES: Env = {
  '/keys/house.json': TEXT,
  '/keys/other.json': JSON.stringify({ ...file, project_id: 'other-project', quota_project_id: 'payer' }),
  '/keys/broken.json': '{"type": ',
};

function readText(path: string): string {
  const text = FILES[path];
  if (text === undefined) throw new Error(`ENOENT: '${path}'`);
  return text;
}

function vertex(params: JsonObject, env: Env = {}, more: { trusted?: boolean } = {}): Resolved {
  return resolve({ model: 'vertex_ai/gemini-2.5-flash', ...params }, env, { readText, ...more });
}

const projectOf = ({ paths }: Resolved): string | undefined => /projects\/([^/]+)/.exec(paths[':generateContent'] ?? '')?.[1];

describe('the credential', () => {
  const P = { vertex_project: 'p' };

  test.each<[string, JsonObject, Env, unknown]>([
    ['as JSON text', { vertex_credentials: TEXT }, {}, { kind: 'text', place: 'vertex_credentials' }],
    ['as an object', { vertex_credentials: file }, {}, { kind: 'text', place: 'vertex_credentials' }],
    ['as a path', { vertex_credentials: '/keys/house.json' }, {}, { kind: 'file', path: '/keys/house.json', place: 'vertex_credentials' }],
    [
      'of the row before that of the variables',
      { vertex_credentials: '/keys/house.json' },
      { GOOGLE_APPLICATION_CREDENTIALS: '/keys/other.json', VERTEXAI_CREDENTIALS: '/keys/other.json' },
      { kind: 'file', path: '/keys/house.json' },
    ],
    ['of LiteLLM’s variable', {}, { VERTEXAI_CREDENTIALS: TEXT }, { kind: 'text', place: 'VERTEXAI_CREDENTIALS' }],
    [
      'of Google’s variable',
      {},
      { GOOGLE_APPLICATION_CREDENTIALS: '/keys/other.json' },
      { kind: 'file', path: '/keys/other.json', place: 'GOOGLE_APPLICATION_CREDENTIALS' },
    ],
    [
      'of gcloud’s user, and the machine',
      {},
      { HOME: '/home/me' },
      { kind: 'machine', gcloud: '/home/me/.config/gcloud/application_default_credentials.json' },
    ],
    [
      'of gcloud in a folder of its own',
      {},
      { CLOUDSDK_CONFIG: '/g' },
      { kind: 'machine', gcloud: '/g/application_default_credentials.json' },
    ],
    ['of the machine alone', {}, {}, { kind: 'machine', gcloud: null }],
  ])('is taken %s', (_, params, env, source) => {
    const { grant, credentials } = vertex({ ...P, ...params }, env);
    expect(grant).toMatchObject({ source, scope: 'https://www.googleapis.com/auth/cloud-platform' });
    expect(credentials).toEqual({});
  });

  test('that the panel wrote reaches public addresses, and every other what its writer names', () => {
    const reach = (params: JsonObject, env: Env = {}, trusted = false): string | null => {
      const { grant } = vertex({ ...P, ...params }, env, { trusted });
      return grant?.issuer === 'google' ? grant.reach : null;
    };
    expect(reach({ vertex_credentials: TEXT })).toBe('request');
    expect(reach({ vertex_credentials: TEXT }, {}, true)).toBe('provider');
    expect(reach({ vertex_credentials: '/keys/house.json' })).toBe('provider');
    expect(reach({}, { VERTEXAI_CREDENTIALS: TEXT }, true)).toBe('request');
    expect(reach({})).toBe('provider');
  });

  test.each<[string, JsonObject, string]>([
    [
      'no JSON',
      { vertex_credentials: '{"type": ' },
      "vertex_credentials is no JSON: it must be the whole content of the credential's file.",
    ],
    ['no credential', { vertex_credentials: '{}' }, 'vertex_credentials: it has no "type"'],
    [
      'a kind that is unknown',
      { vertex_credentials: '{"type": "gdch_service_account"}' },
      'credentials of the type "gdch_service_account" are not supported',
    ],
    [
      'without its key',
      { vertex_credentials: { ...file, private_key: '' } },
      'the credential (service_account) has no proper "private_key".',
    ],
    ['with a broken key', { vertex_credentials: { ...file, private_key: 'MIIB' } }, '"private_key" is no RSA key in PEM form'],
    [
      'of a program',
      {
        vertex_credentials: {
          type: 'external_account',
          audience: 'a',
          subject_token_type: 't',
          credential_source: { executable: { command: '/bin/id' } },
        },
      },
      '"credential_source" must name either a "file" or a "url"',
    ],
    ['in a file that is gone', { vertex_credentials: '/keys/gone.json' }, 'The file that vertex_credentials names cannot be read.'],
    ['in a file that is broken', { vertex_credentials: '/keys/broken.json' }, 'vertex_credentials is no JSON'],
  ])('that is %s is refused before anybody calls', (_, params, message) => {
    expect(() => vertex({ ...P, ...params })).toThrow(
      expect.objectContaining({ name: 'UnresolvedDeployment', param: 'vertex_credentials', message: expect.stringContaining(message) }),
    );
  });
});

describe('the project', () => {
  test('is the row’s, else the variables’, else the credential’s', () => {
    const env = { VERTEXAI_PROJECT: 'of-the-variables' };
    const credential = { vertex_credentials: '/keys/other.json' };
    expect(projectOf(vertex({ vertex_project: 'of-the-row', ...credential }, env))).toBe('of-the-row');
    expect(projectOf(vertex({ vertex_ai_project: 'of-the-row', ...credential }, env))).toBe('of-the-row');
    expect(projectOf(vertex(credential, env))).toBe('of-the-variables');
    expect(projectOf(vertex({}, { GOOGLE_CLOUD_PROJECT: 'of-google' }))).toBe('of-google');
    expect(projectOf(vertex(credential))).toBe('other-project');
    expect(projectOf(vertex({ vertex_credentials: TEXT }))).toBe('house-project');
  });

  test('that nothing tells is asked for, and one that would change the address is refused', () => {
    expect(() => vertex({})).toThrow(expect.objectContaining({ param: 'vertex_project' }));
    expect(() => vertex({ vertex_project: 'p/../../x' })).toThrow('vertex_project is no project ID.');
    expect(() => vertex({ vertex_project: 'p', vertex_location: 'evil.example.com/' })).toThrow(
      expect.objectContaining({ param: 'vertex_location', message: 'vertex_location is no location of Google Cloud.' }),
    );
  });

  test('whose quota is used goes along', () => {
    expect(vertex({ vertex_credentials: '/keys/other.json' }).headers).toEqual({ 'x-goog-user-project': 'payer' });
    expect(vertex({ vertex_credentials: TEXT }, { GOOGLE_CLOUD_QUOTA_PROJECT: 'mine' }).headers).toEqual({ 'x-goog-user-project': 'mine' });
    expect(vertex({ vertex_credentials: TEXT }).headers).toEqual({});
  });
});

describe('an API key', () => {
  test('is express mode without a project, and goes to the project with one', () => {
    const express = vertex({ api_key: 'AIza-express' });
    expect(express).toMatchObject({
      grant: null,
      credentials: { 'x-goog-api-key': 'AIza-express' },
      base: 'https://aiplatform.googleapis.com',
    });
    expect(express.paths[':generateContent']).toBe('/v1/publishers/google/models/gemini-2.5-flash:generateContent');
    const bound = vertex({ api_key: 'AIza-express', vertex_project: 'p', vertex_location: 'europe-west4' });
    expect(bound.base + bound.paths[':generateContent']).toBe(
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent',
    );
  });

  test('of the variable gives way to a credential of the row', () => {
    const env = { GOOGLE_VERTEX_API_KEY: 'AIza-env' };
    expect(vertex({}, env).credentials).toEqual({ 'x-goog-api-key': 'AIza-env' });
    expect(vertex({ vertex_credentials: TEXT }, env)).toMatchObject({ credentials: {}, grant: { source: { kind: 'text' } } });
  });

  test('of express mode calls no Claude', () => {
    expect(() => resolve({ model: 'vertex_ai/claude-opus-4-5', api_key: 'k' })).toThrow(
      expect.objectContaining({ param: 'vertex_project' }),
    );
  });
});

test('an own server in Vertex’s dress and a mock need no credential', () => {
  expect(vertex({ api_base: 'http://127.0.0.1:8080' })).toMatchObject({ grant: null, credentials: {} });
  expect(vertex({ mock_response: 'Hi' })).toMatchObject({ grant: null, credentials: {} });
  expect(() => vertex({ api_base: 'https://europe-west4-aiplatform.googleapis.com' })).toThrow(
    expect.objectContaining({ param: 'vertex_project' }),
  );
});
