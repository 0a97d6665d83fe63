import { expect, test } from 'vitest';
import { ProviderError } from '../../src/core/provider-error.ts';
import { placedPath, Proofs } from '../../src/exchange/proofs.ts';
import type { Upstream } from '../../src/exchange/upstream.ts';
import type { TokenIssuers } from '../../src/providers/tokens/grant.ts';

const upstream = { resolved: { grant: { issuer: 'sap' } }, secrets: [] } as unknown as Upstream;
const proof = { headers: {}, secrets: ['token'], place: 'd-1' };
const failed = (status: number) => new ProviderError({ class: 'APIError', status, message: 'no' });

/** Issuers of which SAP's notes what it is told, and says so. */
function told(answer: boolean): { readonly proofs: Proofs; readonly heard: string[] } {
  const heard: string[] = [];
  const sap = {
    token: () => proof,
    refused: (_grant: unknown, token: string) => heard.push(`refused ${token}`) > 0 && answer,
    gone: (_grant: unknown, place: string) => heard.push(`gone ${place}`) > 0 && answer,
  };
  return { proofs: new Proofs({ sap } as unknown as TokenIssuers), heard };
}

test('a path has the place that its provider told', () => {
  expect(placedPath('/inference/deployments/:deployment/v2/completion', proof)).toBe('/inference/deployments/d-1/v2/completion');
  expect(placedPath('/v1/:deployment', { headers: {}, secrets: [] })).toBe('/v1/:deployment');
});

test('a place where nothing is any more is asked for again, and the call made once more where there is another', () => {
  for (const answer of [true, false]) {
    const { proofs, heard } = told(answer);
    expect(proofs.failed(upstream, proof, failed(404))).toBe(answer);
    expect(proofs.failed(upstream, proof, failed(401))).toBe(answer);
    expect(heard).toEqual(['gone d-1', 'refused token']);
  }
});

test('what else fails says nothing of places', () => {
  const { proofs, heard } = told(true);
  for (const error of [failed(400), failed(500), new Error('odd')]) expect(proofs.failed(upstream, proof, error)).toBe(false);
  expect(proofs.failed(upstream, { headers: {}, secrets: ['token'] }, failed(404))).toBe(false);
  expect(heard).toEqual([]);
});
