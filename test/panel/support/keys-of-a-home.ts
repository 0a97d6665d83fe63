import { hashOf } from '../../../src/identity/key-hash.ts';
import type { TestGateway } from '../../support/gateway.ts';

/** Names of three people and of the keys of a home, as the pages are drawn. Spend is of this month. */
export async function makeKeysOfAHome(gateway: TestGateway): Promise<ReadonlyMap<string, string>> {
  for (const [user_id, user_alias] of [
    ['anna', 'Anna'],
    ['ben', 'Ben'],
    ['mia', 'Mia'],
  ])
    await gateway.call('POST', '/user/new', { user_id, user_alias, user_email: `${user_id}@example.com`, auto_create_key: false });
  const monthly = (max_budget: number, spend: number) => ({ max_budget, spend, budget_duration: '1mo' });
  const keys: Record<string, unknown>[] = [
    { key_alias: 'claude-code', user_id: 'ben', ...monthly(12, 10.82), rpm_limit: 60, tpm_limit: 400_000, max_parallel_requests: 4, models: ['mock', 'other'], tags: ['work'] },
    { key_alias: 'open-webui', user_id: 'anna', ...monthly(8, 4.38), rpm_limit: 30 },
    { key_alias: 'home-assistant', ...monthly(10, 4.11), models: ['mock', 'other', 'free'], metadata: { managed_by: 'bridge' } },
    { key_alias: 'kids-tablet', user_id: 'mia', max_budget: 0.5, spend: 0.21, budget_duration: '7d', rpm_limit: 10, tpm_limit: 20_000, models: ['mock'] },
    { key_alias: 'paperless', ...monthly(2, 0.49), models: ['mock', 'free'] },
    { key_alias: 'guest', user_id: 'anna', ...monthly(1, 0), rpm_limit: 10, models: ['mock'], blocked: true },
    { key_alias: 'old-notebook', user_id: 'ben', duration: '1s' },
  ]; // prettier-ignore
  const texts = new Map<string, string>();
  for (const body of keys) texts.set(String(body['key_alias']), await gateway.key(body));
  await expired(gateway, texts.get('old-notebook') ?? '');
  return texts;
}

/** Waits until the key with the shortest life is over. */
async function expired(gateway: TestGateway, text: string): Promise<void> {
  const until = Date.now() + 10_000;
  while (Date.now() < until) {
    const answer = await gateway.call('GET', '/key/list?state=expired');
    const { keys } = (await answer.json()) as { keys: string[] };
    if (keys.includes(hashOf(text))) return;
  }
  throw new Error('the key did not expire');
}
