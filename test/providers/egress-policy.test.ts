import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOf } from '../../src/providers/egress/addresses.ts';
import { EgressDeniedError, EgressPolicy, type EgressPurpose } from '../../src/providers/egress.ts';

const policyWith = (names: Readonly<Record<string, readonly string[]>> = {}): EgressPolicy =>
  new EgressPolicy({
    resolve: async (name) => (names[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ownPorts: () => [4000, 8099],
    ownHosts: () => ['gateway', '192.168.1.2'],
  });
const policy = policyWith();

function allows(url: string, purpose: EgressPurpose): boolean {
  try {
    policy.checkUrl(url, purpose);
    return true;
  } catch (error) {
    if (error instanceof EgressDeniedError) return false;
    throw error;
  }
}

describe('an address in a request', () => {
  test.each([
    'https://example.com/a.png',
    'http://93.184.216.34/',
    'https://[2606:4700::1111]/',
    'http://example.com:8080/x',
    'https://bücher.example/',
  ])('%s is called', (url) => {
    expect(allows(url, 'request')).toBe(true);
  });

  test.each([
    'http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f.0.0.1/', 'http://0177.0.0.1/', 'http://017700000001/', 'http://１２７.0.0.1/', 'http://127.0.0.1./',
    'http://0/', 'http://0.0.0.0/', 'http://localhost/', 'http://LOCALHOST./', 'http://a.localhost/', 'http://%6c%6f%63alhost/',
    'http://10.0.0.1/', 'http://172.16.0.1/', 'http://172.31.255.255/', 'http://192.168.1.1/', 'http://100.64.0.1/', 'http://100.127.255.255/',
    'http://169.254.169.254/latest/meta-data/', 'http://0xa9fea9fe/', 'http://100.100.100.200/', 'http://168.63.129.16/', 'http://192.0.0.192/',
    'http://172.30.32.2/', 'http://172.30.33.5/', 'http://supervisor/', 'http://hassio/', 'http://supervisor.local.hass.io/', 'http://homeassistant.local:8123/', 'http://homeassistant:8123/',
    'http://printer.lan/', 'http://x.internal/', 'http://metadata.google.internal/', 'http://x.home.arpa/',
    'http://198.18.0.1/', 'http://192.0.2.1/', 'http://203.0.113.9/', 'http://224.0.0.1/', 'http://240.0.0.1/', 'http://255.255.255.255/',
    'http://[::1]/', 'http://[::]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:10.0.0.1]/', 'http://[::127.0.0.1]/', 'http://[64:ff9b::7f00:1]/', 'http://[64:ff9b::808:808]/', 'http://[64:ff9b:1::a00:1]/',
    'http://[2002:7f00:1::]/', 'http://[2002:808:808::]/', 'http://[2001:0:808:808::1]/', 'http://[fe80::1]/', 'http://[fec0::1]/', 'http://[fc00::1]/', 'http://[fd00:ec2::254]/', 'http://[ff02::1]/', 'http://[2001:db8::1]/', 'http://[4000::1]/', 'http://[100::1]/',
    'ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/', 'data:text/plain,x', 'javascript:1', 'http://user:pw@example.com/', 'http://user@example.com/', 'not a url', '', 'http://', '//example.com/x',
  ])('%s is not', (url) => {
    expect(allows(url, 'request')).toBe(false);
  }); // prettier-ignore
});

describe('an address of a provider', () => {
  test.each([
    'http://127.0.0.1:11434', 'http://localhost:1234/v1', 'http://192.168.1.10:8000/v1', 'http://10.0.0.5', 'http://[::1]:8080', 'http://[fd12::1]:8080', 'http://100.64.0.9:11434',
    'http://ollama:11434', 'http://box.local:11434', 'http://172.30.33.5:11434', 'http://172.30.32.1:11434', 'http://a0d7b954-ollama.local.hass.io:11434', 'https://api.openai.com/v1', 'http://[64:ff9b::808:808]/', 'http://localhost:40000',
  ])('%s is called', (url) => {
    expect(allows(url, 'provider')).toBe(true);
  }); // prettier-ignore

  test.each([
    'http://169.254.169.254', 'http://[fe80::1%25eth0]/', 'http://[fe80::1]', 'http://metadata.google.internal', 'http://metadata', 'http://100.100.100.200', 'http://[fd00:ec2::254]', 'http://168.63.129.16',
    'http://172.30.32.2', 'http://172.30.32.3:53', 'http://supervisor/core/api', 'http://hassio', 'http://supervisor.local.hass.io', 'http://SUPERVISOR.', 'http://[::ffff:172.30.32.2]', 'http://[::ffff:169.254.169.254]', 'http://[64:ff9b::a9fe:a9fe]', 'http://[2002:a9fe:a9fe::]',
    'http://0.0.0.0:11434', 'http://224.0.0.1', 'http://localhost:4000', 'http://127.0.0.1:4000/v1', 'http://127.5.5.5:8099', 'http://[::1]:4000', 'http://gateway:4000', 'http://192.168.1.2:4000', 'ftp://127.0.0.1',
  ])('%s is not', (url) => {
    expect(allows(url, 'provider')).toBe(false);
  }); // prettier-ignore
});

describe('a name is looked up once, and only checked addresses are connected to', () => {
  type Found = readonly LookupAddress[] | string;
  const look = (
    names: Readonly<Record<string, readonly string[]>>,
    purpose: EgressPurpose,
    name: string,
    family?: 4 | 6,
  ): Promise<Found> => {
    return new Promise((resolve) => {
      policyWith(names).lookup(purpose)(name, { all: true, ...(family ? { family } : {}) }, (error, addresses) => {
        resolve(error ? (error.code ?? error.name) : addresses);
      });
    });
  };

  test('a public name that leads inside is refused', async () => {
    const inside = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:10.0.0.1', '172.30.32.2', '64:ff9b::a00:1'];
    const found = await Promise.all(inside.map((address) => look({ 'evil.example': [address] }, 'request', 'evil.example')));
    expect(found).toEqual(inside.map(() => 'EGRESS_DENIED'));
  });

  test('of several addresses only those that may be called are handed out', async () => {
    expect(await look({ 'mixed.example': ['10.0.0.1', '93.184.216.34', '::1'] }, 'request', 'mixed.example')).toEqual([
      { address: '93.184.216.34', family: 4 },
    ]);
    expect(await look({ 'box.local': ['fe80::1', '192.168.1.9'] }, 'provider', 'box.local')).toEqual([
      { address: '192.168.1.9', family: 4 },
    ]);
  });

  test('a name that changes its mind between check and connection gains nothing', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    const rebinding = new EgressPolicy({
      resolve: async () => (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
      ownPorts: () => [],
      ownHosts: () => [],
    });
    rebinding.checkUrl('http://rebind.example/', 'request'); // does not look the name up at all
    expect(answers).toHaveLength(2);
    const once = (): Promise<unknown> =>
      new Promise((resolve) => rebinding.lookup('request')('rebind.example', {}, (error, address) => resolve(error?.name ?? address)));
    expect(await once()).toBe('93.184.216.34');
    expect(await once()).toBe('EgressDeniedError');
  });

  test('the family that was asked for is honoured; a name without one is not found', async () => {
    expect(await look({ h: ['192.168.1.9', 'fd12::1'] }, 'provider', 'h', 6)).toEqual([{ address: 'fd12::1', family: 6 }]);
    expect(await look({ h: ['192.168.1.9'] }, 'provider', 'h', 6)).toBe('ENOTFOUND');
    expect(await look({}, 'provider', 'h')).toBe('ENOTFOUND');
  });

  test('an address in place of a name is judged too', async () => {
    expect(await look({}, 'request', '127.0.0.1')).toBe('EGRESS_DENIED');
    expect(await look({}, 'provider', '127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });
});

test('no IPv4 address becomes more welcome by being written as IPv6', () => {
  const rank = { public: 2, private: 1, never: 0 };
  fc.assert(
    fc.property(fc.ipV4(), (v4) => {
      const hex = v4.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
      const tail = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
      for (const v6 of [`::ffff:${v4}`, `64:ff9b::${v4}`, `2002:${tail}::1`]) {
        expect(rank[kindOf(v6)]).toBeLessThanOrEqual(rank[kindOf(v4)]);
        expect(kindOf(v6)).not.toBe('public');
      }
    }),
  );
});

test('no text that is no address is called', () => {
  fc.assert(fc.property(fc.string(), (text) => isIP(text.replace(/^\[|\]$|%.*/g, '')) !== 0 || kindOf(text) === 'never'));
});
