import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { AwsSessions } from '../../../src/providers/aws/aws-sessions.ts';
import type { AwsGrant, AwsSource, Role, WebToken } from '../../../src/providers/aws/grant.ts';
import { signed } from '../../../src/providers/aws/sigv4.ts';
import { EgressPolicy } from '../../../src/providers/egress.ts';
import type { Proof } from '../../../src/providers/tokens/proof.ts';
import { Transport } from '../../../src/providers/transport/transport.ts';
import { FakeProvider, json, type Behaviour, type SeenRequest } from '../../support/fake-provider.ts';
import { assumed, refusedBySts, session } from './sts-wire.ts';

const MINUTE = 60_000;
/** 2026-11-26T12:00:00Z */
const NOW = 1_795_694_400_000;
const KEYS = { accessKeyId: 'AKIAEXAMPLE00000', secretAccessKey: 'a-very-secret-access-key', sessionToken: null };
const ROLE: Role = { arn: 'arn:aws:iam::123456789012:role/models', session: 'house', externalId: null, lifeS: null };
const FILES = { credentials: { path: '/c', place: '~/.aws/credentials' }, config: { path: '/f', place: '~/.aws/config' } };

let aws: FakeProvider;
let transport: Transport;
let sessions: AwsSessions;
/** Minutes on the clock. */
let time: number;
let files: Record<string, string>;

beforeAll(async () => {
  aws = await FakeProvider.start();
});

afterAll(() => aws.stop());

beforeEach(() => {
  aws.seen.length = 0;
  aws.behaviour = issued();
  time = 0;
  files = {};
  const egress = new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] });
  transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  sessions = new AwsSessions({
    clock: { elapsed: () => time * MINUTE, now: () => NOW + time * MINUTE },
    transport,
    egress,
    readText: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT: '${path}'`);
      return text;
    },
    metadata: aws.url,
  });
});

afterEach(() => transport.stop());

/** Numbered sessions that live for an hour. */
function issued(lifeMinutes = 60): Behaviour {
  let count = 0;
  return (request, response) => {
    const action = formOf(request)['Action'] ?? '';
    return assumed(action, session(++count, new Date(NOW + (time + lifeMinutes) * MINUTE).toISOString()))(request, response);
  };
}

const formOf = ({ body }: SeenRequest): Record<string, string> => Object.fromEntries(new URLSearchParams(body.toString()));

function granted(source: AwsSource, sts: Partial<AwsGrant['sts']> = {}, region = 'eu-central-1'): AwsGrant {
  const place = { address: `${aws.url}/`, region: 'eu-west-1', seesFiles: true, ...sts };
  return { issuer: 'aws', source, sts: place, scope: { region, service: 'bedrock' } };
}

const byKeys = (role: Role = ROLE): AwsGrant => granted({ kind: 'role', role, by: { kind: 'keys', keys: KEYS } });
const byToken = (token: WebToken, sts: Partial<AwsGrant['sts']> = {}): AwsGrant =>
  granted({ kind: 'web_identity', role: ROLE, token }, sts);
const profile = (name: string): Extract<AwsSource, { kind: 'profile' }> => ({
  kind: 'profile',
  name,
  files: FILES,
  environment: null,
  container: null,
});

/** The session's public half and token, as a request shows them. */
async function shown(asked: Proof | Promise<Proof>): Promise<[string | undefined, string | undefined]> {
  const { signer } = await asked;
  const headers = signer?.sign({ method: 'POST', origin: 'https://x', path: '/', headers: {}, body: Buffer.alloc(0) }, NOW) ?? {};
  return [/Credential=([^/]+)/.exec(headers['authorization'] ?? '')?.[1], headers['x-amz-security-token']];
}

const FIRST = ['ASIASESSION00001', 'session-token/1=='];
const SECOND = ['ASIASESSION00002', 'session-token/2=='];

describe('a role', () => {
  test('is asked for with a signature over the question', async () => {
    expect(await shown(sessions.token(byKeys({ ...ROLE, externalId: 'ex:1', lifeS: 900 })))).toEqual(FIRST);
    expect(formOf(aws.last)).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: ROLE.arn,
      RoleSessionName: 'house',
      DurationSeconds: '900',
      ExternalId: 'ex:1',
    });
    const { method, path, headers, body } = aws.last;
    expect([method, path, headers['x-amz-date']]).toEqual(['POST', '/', '20261126T120000Z']);
    const type = { 'content-type': headers['content-type'] ?? '' };
    const expected = signed({ method, origin: aws.url, path, headers: type, body }, KEYS, { region: 'eu-west-1', service: 'sts' }, NOW);
    expect(headers.authorization).toBe(expected['authorization']);
  });

  test('is asked for once by many calls of all regions, and kept', async () => {
    const [one, other] = [byKeys(), { ...byKeys(), scope: { region: 'us-east-1', service: 'bedrock' } }];
    const proofs = await Promise.all([sessions.token(one), sessions.token(one), sessions.token(other)]);
    expect(aws.seen).toHaveLength(1);
    expect(sessions.token(one)).not.toBeInstanceOf(Promise);
    const scopes = proofs.map(({ signer }) => {
      const request = { method: 'POST', origin: 'https://x', path: '/', headers: {}, body: Buffer.alloc(0) };
      return /\/\d{8}\/([\w-]+)\//.exec(signer?.sign(request, NOW)['authorization'] ?? '')?.[1];
    });
    expect(scopes).toEqual(['eu-central-1', 'eu-central-1', 'us-east-1']);
  });

  test('is renewed five minutes before its session ends, and nobody waits for that', async () => {
    await sessions.token(byKeys());
    time = 54;
    expect(await shown(sessions.token(byKeys()))).toEqual(FIRST);
    expect(aws.seen).toHaveLength(1);
    time = 56;
    expect(await shown(sessions.token(byKeys()))).toEqual(FIRST);
    await expect.poll(() => shown(sessions.token(byKeys()))).toEqual(SECOND);
    expect(aws.seen).toHaveLength(2);
  });

  test('whose session AWS does not believe any more is asked for again, unless it is new', async () => {
    await sessions.token(byKeys());
    expect(sessions.refused(byKeys(), 'ASIASESSION00001')).toBe(false);
    time = 2;
    expect(sessions.refused(byKeys(), 'ASIAOTHER')).toBe(false);
    expect(sessions.refused(byKeys(), 'ASIASESSION00001')).toBe(true);
    expect(await shown(sessions.token(byKeys()))).toEqual(SECOND);
  });

  test('is taken on by a role that is taken on first', async () => {
    const inner: AwsSource = { kind: 'role', role: { ...ROLE, arn: `${ROLE.arn}-first` }, by: { kind: 'keys', keys: KEYS } };
    expect(await shown(sessions.token(granted({ kind: 'role', role: ROLE, by: inner })))).toEqual(SECOND);
    expect(aws.seen.map((request) => formOf(request)['RoleArn'])).toEqual([`${ROLE.arn}-first`, ROLE.arn]);
    expect(aws.last.headers['x-amz-security-token']).toBe('session-token/1==');
    expect(aws.last.headers.authorization).toContain('Credential=ASIASESSION00001/');
  });

  test('whose keys stand in a profile is read anew each time', async () => {
    files['/c'] = '[dev]\naws_access_key_id = AKIAFIRST\naws_secret_access_key = s';
    const grant = granted({ kind: 'role', role: ROLE, by: profile('dev') });
    await sessions.token(grant);
    expect(aws.last.headers.authorization).toContain('Credential=AKIAFIRST/');
    files['/c'] = '[dev]\naws_access_key_id = AKIASECOND\naws_secret_access_key = s';
    time = 61;
    await sessions.token(grant);
    expect(aws.last.headers.authorization).toContain('Credential=AKIASECOND/');
  });
});

describe('a web identity token', () => {
  test('is shown in place of a signature', async () => {
    expect(await shown(sessions.token(byToken({ kind: 'text', text: 'ey.jw.t', place: 'aws_web_identity_token' })))).toEqual(FIRST);
    expect(formOf(aws.last)).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: ROLE.arn,
      RoleSessionName: 'house',
      DurationSeconds: '3600',
      WebIdentityToken: 'ey.jw.t',
    });
    expect(aws.last.headers.authorization).toBeUndefined();
  });

  test('in a file is read anew each time', async () => {
    const grant = byToken({ kind: 'file', path: '/run/token', place: 'AWS_WEB_IDENTITY_TOKEN_FILE' });
    files['/run/token'] = 'first\n';
    await sessions.token(grant);
    expect(formOf(aws.last)['WebIdentityToken']).toBe('first');
    files['/run/token'] = 'second';
    time = 61;
    await sessions.token(grant);
    expect(formOf(aws.last)['WebIdentityToken']).toBe('second');
  });

  test('in a file does not go to an address that only the panel gave', async () => {
    files['/run/token'] = 'secret-of-this-machine';
    const grant = byToken({ kind: 'file', path: '/run/token', place: 'aws_web_identity_token' }, { seesFiles: false });
    await expect(sessions.token(grant)).rejects.toThrow('The file that aws_web_identity_token names is not shown to an address');
    expect(aws.seen).toHaveLength(0);
  });

  test.each([
    [undefined, 'The file that AWS_WEB_IDENTITY_TOKEN_FILE names cannot be read.'],
    [' \n', 'The file that AWS_WEB_IDENTITY_TOKEN_FILE names holds no token.'],
    ['root:x:0\nme:x:1', 'The file that AWS_WEB_IDENTITY_TOKEN_FILE names holds no token.'],
  ])('of a file with %j is not there, and no path is told', async (text, message) => {
    if (text !== undefined) files['/run/secret-place'] = text;
    const grant = byToken({ kind: 'file', path: '/run/secret-place', place: 'AWS_WEB_IDENTITY_TOKEN_FILE' });
    await expect(sessions.token(grant)).rejects.toMatchObject({ failure: { class: 'AuthenticationError', status: 401, message } });
    expect(aws.seen).toHaveLength(0);
  });
});

describe('where STS gives no session', () => {
  test.each([
    [
      refusedBySts('AccessDenied', 'User: arn:aws:iam::1:user/u is not authorized to perform: sts:AssumeRole on resource: r', 403),
      'AuthenticationError',
      401,
      'AWS STS gave no session of the role arn:aws:iam::123456789012:role/models: AccessDenied: User: arn:aws:iam::1:user/u is not authorized to perform: sts:AssumeRole on resource: r. Check aws_role_name, aws_external_id, and whom the trust policy of the role names.',
    ],
    [
      refusedBySts('SignatureDoesNotMatch', 'a-very-secret-access-key &lt;is&#32;wrong&gt;.', 403),
      'AuthenticationError',
      401,
      'SignatureDoesNotMatch: *** <is wrong>. Check the secret access key that takes the role on.',
    ],
    [refusedBySts('ValidationError', '1 validation error', 400), 'AuthenticationError', 401, 'ValidationError: 1 validation error.'],
    [refusedBySts('Throttling', 'Rate exceeded', 400), 'RateLimitError', 429, 'Throttling: Rate exceeded.'],
    [refusedBySts('IDPCommunicationError', 'x', 400), 'ServiceUnavailableError', 503, 'IDPCommunicationError: x.'],
    [json({}, 503), 'ServiceUnavailableError', 503, 'it answered with status 503.'],
    [json({}), 'APIConnectionError', 502, 'AWS STS answered without keys.'],
    [assumed('AssumeRole', { ...session(1, ''), token: 'a b' }), 'APIConnectionError', 502, 'AWS STS answered without keys.'],
  ])('it is said why (%#)', async (behaviour, kind, status, message) => {
    aws.behaviour = behaviour;
    await expect(sessions.token(byKeys())).rejects.toMatchObject({
      failure: { class: kind, status, message: expect.stringContaining(message) },
    });
  });

  test('a token that it repeats is not shown', async () => {
    aws.behaviour = refusedBySts('InvalidIdentityToken', 'The token ey.jw.t is not valid', 400);
    const asked = sessions.token(byToken({ kind: 'text', text: 'ey.jw.t', place: 'aws_web_identity_token' }));
    await expect(asked).rejects.toThrow('InvalidIdentityToken: The token *** is not valid.');
  });

  test('its address may be none that must not be called', async () => {
    const never = { ...byKeys(), sts: { address: 'http://169.254.169.254/', region: 'x', seesFiles: true } };
    await expect(sessions.token(never)).rejects.toThrow('AWS STS cannot be asked: This address must not be called');
  });

  test('a session that seems over at once is used and asked for again soon', async () => {
    aws.behaviour = issued(-10);
    expect(await shown(sessions.token(byKeys()))).toEqual(FIRST);
    expect(await shown(sessions.token(byKeys()))).toEqual(FIRST);
    time = 1;
    expect(await shown(sessions.token(byKeys()))).toEqual(SECOND);
  });
});

describe('a machine of AWS', () => {
  const told = {
    Code: 'Success',
    AccessKeyId: 'ASIAMACHINE',
    SecretAccessKey: 's',
    Token: 'machine-token',
    Expiration: '2026-11-26T18:00:00Z',
  };
  const metadata: Behaviour = (request, response) => {
    if (request.method === 'PUT' && request.path === '/latest/api/token') {
      response.writeHead(200).end(request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === '21600' ? 'imds-token==' : '');
      return undefined;
    }
    if (request.headers['x-aws-ec2-metadata-token'] !== 'imds-token==') return json({}, 401)(request, response);
    if (request.path !== '/latest/meta-data/iam/security-credentials/') return json(told)(request, response);
    response.writeHead(200).end('house-role\n');
    return undefined;
  };

  test('is asked for its role with a session of the metadata service (IMDSv2)', async () => {
    aws.behaviour = metadata;
    expect(await shown(sessions.token(granted({ kind: 'machine', profile: null })))).toEqual(['ASIAMACHINE', 'machine-token']);
    expect(aws.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/house-role',
    ]);
    time = 354;
    await sessions.token(granted({ kind: 'machine', profile: null }));
    expect(aws.seen).toHaveLength(3);
  });

  test('is asked after the default profile', async () => {
    aws.behaviour = metadata;
    files['/c'] = '[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s';
    expect(await shown(sessions.token(granted({ kind: 'machine', profile: profile('default') })))).toEqual(['AKIADEFAULT', undefined]);
    delete files['/c'];
    time = 11;
    expect(await shown(sessions.token(granted({ kind: 'machine', profile: profile('default') })))).toEqual([
      'ASIAMACHINE',
      'machine-token',
    ]);
  });

  test.each<[string, Behaviour]>([
    ['no metadata server answers as AWS does', json({}, 404)],
    ['its first word is no token', (_request, response) => void response.writeHead(200).end('<html>\r\n</html>')],
    ['it has no role', (request, response) => void response.writeHead(request.method === 'PUT' ? 200 : 404).end('t')],
    [
      'its role leads elsewhere',
      (request, response) => void response.writeHead(200).end(request.method === 'PUT' ? 't' : '../../user-data'),
    ],
  ])('gives no keys where %s', async (_, behaviour) => {
    aws.behaviour = behaviour;
    await expect(sessions.token(granted({ kind: 'machine', profile: null }))).rejects.toMatchObject({
      failure: { class: 'AuthenticationError', status: 401, message: expect.stringContaining('There are no credentials for AWS: set') },
    });
  });
});

describe('a container', () => {
  const told = { AccessKeyId: 'ASIACONTAINER', SecretAccessKey: 's', Token: 'container-token', Expiration: '2026-11-26T13:00:00Z' };
  const container = (authorization: WebToken | null, address = `${aws.url}/v1/credentials`): AwsGrant =>
    granted({ kind: 'container', address, authorization });
  const file: WebToken = { kind: 'file', path: '/run/pod', place: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' };

  test('is given keys by its own server, which is shown what it wants to see', async () => {
    aws.behaviour = json(told);
    files['/run/pod'] = 'pod-token\n';
    expect(await shown(sessions.token(container(file)))).toEqual(['ASIACONTAINER', 'container-token']);
    expect(aws.last).toMatchObject({ method: 'GET', path: '/v1/credentials', headers: { authorization: 'pod-token' } });
    expect(await shown(sessions.token(container(null)))).toEqual(['ASIACONTAINER', 'container-token']);
    expect(aws.last.headers.authorization).toBeUndefined();
  });

  test('shows files to no server outside of the machine', async () => {
    files['/run/pod'] = 'pod-token';
    await expect(sessions.token(container(file, 'https://evil.example/'))).rejects.toThrow('is not shown to an address');
  });

  test.each(['http://169.254.169.254/latest', 'http://169.254.170.2:8080/', 'http://169.254.170.9/'])(
    'asks nobody at %s',
    async (address) => {
      await expect(sessions.token(container(null, address))).rejects.toThrow('cannot be asked: This address must not be called');
    },
  );

  test.each([
    [json({ message: 'no' }, 403), 401, 'The credentials server of the container gave no keys: it answered with status 403.'],
    [json({}, 500), 503, 'gave no keys: it answered with status 500.'],
    [json({ Code: 'x' }), 502, 'The credentials server of the container answered without keys.'],
  ])('says why it has none (%#)', async (behaviour, status, message) => {
    aws.behaviour = behaviour;
    await expect(sessions.token(container(null))).rejects.toMatchObject({ failure: { status, message: expect.stringContaining(message) } });
  });
});

test('a profile that is gone is told by its name', async () => {
  await expect(sessions.token(granted(profile('dev')))).rejects.toThrow('The shared files of AWS have no profile "dev".');
  files['/f'] = '[profile dev]\ncredential_process = /bin/true';
  await expect(sessions.token(granted(profile('dev')))).rejects.toThrow('programs are not run');
});
