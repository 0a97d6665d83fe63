import { expect, test } from 'vitest';
import { liesIn, networkOf } from '../../src/config/networks.ts';

const networks = (...texts: string[]) => texts.map(networkOf).filter((network) => network !== null);

test.each([
  ['192.168.1.7', '192.168.1.0/24', true],
  ['192.168.2.7', '192.168.1.0/24', false],
  ['::ffff:192.168.1.7', '192.168.1.0/24', true],
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.2', '10.0.0.1', false],
  ['fd12::1', 'fd00::/8', true],
  ['2001:db8::1', 'fd00::/8', false],
  ['2001:db8::1', '2001:db8::1', true],
  ['192.168.1.7', '::/0', false],
  ['fe80::1%eth0', 'fe80::/10', true],
  ['nonsense', '0.0.0.0/0', false],
])('%s lies in %s: %s', (address, network, expected) => {
  expect(liesIn(address, networks(network))).toBe(expected);
});

test.each(['', 'home', '192.168.1', '192.168.1.0/33', '300.1.1.1', '1', '0x7f000001', '192.168.1.0/'])('%j is no network', (text) => {
  expect(networkOf(text)).toBeNull();
});
