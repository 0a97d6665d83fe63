import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyPairToken } from '../../src/providers/snowflake/key-pair.ts';
import { SnowflakeTokens } from '../../src/providers/snowflake/snowflake-tokens.ts';
import { resolve } from './resolving.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).trim();
const SEALED = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'offen' });
const MODEL = 'snowflake/llama4-maverick';
const NOW = Date.UTC(2026, 10, 26);

const user = { account: 'myorg-account_1', user: 'jane.doe', privateKey: PEM, passphrase: '' };

function partsOf(token: string): { header: unknown; claims: Record<string, unknown>; isTrue: boolean } {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const read = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());
  return {
    header: read(header),
    claims: read(claims) as Record<string, unknown>,
    isTrue: verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')),
  };
}

describe('a token of a key pair', () => {
  test('names account, user and public key, holds for an hour, and is signed by the key', () => {
    const print = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64');
    expect(partsOf(keyPairToken(user, NOW))).toEqual({
      header: { alg: 'RS256', typ: 'JWT' },
      claims: {
        iss: `MYORG-ACCOUNT_1.JANE.DOE.SHA256:${print}`,
        sub: 'MYORG-ACCOUNT_1.JANE.DOE',
        iat: NOW / 1000,
        exp: NOW / 1000 + 3600,
      },
      isTrue: true,
    });
  });

  test('leaves out the region of an account', () => {
    expect(partsOf(keyPairToken({ ...user, account: 'xy12345.eu-central-1.aws' }, NOW)).claims['sub']).toBe('XY12345.JANE.DOE');
  });

  test('is signed by an encrypted key, and by one whose line breaks are written out', () => {
    expect(partsOf(keyPairToken({ ...user, privateKey: SEALED, passphrase: 'offen' }, NOW)).isTrue).toBe(true);
    expect(partsOf(keyPairToken({ ...user, privateKey: PEM.replaceAll('\n', '\\n') }, NOW)).isTrue).toBe(true);
  });

  test('is kept, and signed anew before it ends', async () => {
    let minutes = 0;
    const tokens = new SnowflakeTokens({ clock: { elapsed: () => minutes * 60_000, now: () => NOW + minutes * 60_000 } });
    const grant = { ...user, issuer: 'snowflake' } as const;
    const first = await tokens.token(grant);
    minutes = 50;
    expect(tokens.token(grant)).toBe(first);
    minutes = 60;
    const second = await tokens.token(grant);
    expect(partsOf(second).claims['exp']).toBe(NOW / 1000 + 7200);
  });
});

describe('a deployment', () => {
  test('with a key pair signs in by it, and says so', () => {
    const { credentials, grant, headers } = resolve({
      model: MODEL,
      account: 'myorg-acc',
      snowflake_user: 'jane',
      snowflake_private_key: PEM,
    });
    expect(credentials).toEqual({});
    expect(headers).toMatchObject({ 'x-snowflake-authorization-token-type': 'KEYPAIR_JWT' });
    expect(grant).toEqual({ issuer: 'snowflake', account: 'myorg-acc', user: 'jane', privateKey: PEM, passphrase: '' });
  });

  test('takes account and key of the address and the variables, while no token is named', () => {
    const env = { SNOWFLAKE_USER: 'jane', SNOWFLAKE_PRIVATE_KEY: SEALED, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'offen' };
    const params = { model: MODEL, api_base: 'https://xy1.eu-central-1.snowflakecomputing.com/api/v2' };
    expect(resolve(params, env).grant).toMatchObject({ account: 'xy1', user: 'jane', passphrase: 'offen' });
    expect(resolve(params, { ...env, SNOWFLAKE_JWT: 'eyJ.a.b' })).toMatchObject({
      credentials: { authorization: 'Bearer eyJ.a.b' },
      grant: null,
    });
    expect(resolve({ ...params, api_key: 'pat/x' }, env)).toMatchObject({ credentials: { authorization: 'Bearer x' }, grant: null });
  });

  test('that lacks something is told what', () => {
    const key = { model: MODEL, snowflake_private_key: PEM };
    expect(() => resolve({ ...key, account: 'a' })).toThrow('snowflake_user');
    expect(() => resolve({ ...key, snowflake_user: 'j', api_base: 'http://10.0.0.1/api/v2' })).toThrow('account');
    const wrong = { model: MODEL, account: 'a', snowflake_user: 'j' };
    expect(() => resolve({ ...wrong, snowflake_private_key: 'no key' })).toThrow('snowflake_private_key is no private RSA key');
    expect(() => resolve({ ...wrong, snowflake_private_key: SEALED })).toThrow('passphrase');
    const { privateKey: other } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const elliptic = other.export({ type: 'pkcs8', format: 'pem' });
    expect(() => resolve({ ...wrong, snowflake_private_key: elliptic })).toThrow('no private RSA key');
  });
});
