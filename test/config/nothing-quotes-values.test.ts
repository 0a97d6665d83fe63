import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadTexts } from './support.ts';

const CANARY = 'sk-canary-4242';

/** Pieces of YAML, right and wrong, with a secret in most. */
const piece = fc.constantFrom(
  `master_key: ${CANARY}`,
  `  ${CANARY}`,
  `"${CANARY}`,
  `- ${CANARY}`,
  `api_key: @${CANARY}`,
  `x: *${CANARY}`,
  `&${CANARY} y`,
  `!${CANARY} z`,
  `[${CANARY}`,
  `{${CANARY}`,
  'general_settings:',
  'model_list:',
  '  - model_name: a',
  '    litellm_params:',
  `      api_key: ${CANARY}`,
  `      rpm: ${CANARY}`,
  `  strict_status: ${CANARY}`,
  `  database_url: ${CANARY}`,
  `  max_budget: ${CANARY}`,
  'litellm_settings:',
  'router_settings:',
  `  fallbacks: ${CANARY}`,
  `  routing_strategy: ${CANARY}`,
  `environment_variables: {DISABLE_KEY_NAME: ${CANARY}}`,
  `\t${CANARY}: 1`,
  `a: b: ${CANARY}`,
  `%${CANARY}`,
  `? ${CANARY}`,
  `"\\q${CANARY}"`,
  '---',
  `  timeout: "${CANARY}"`,
);

describe('problems of a file', () => {
  test('never quote a value, however broken the file is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 12 }), async (lines) => {
        const { problems } = await loadTexts({ 'config.yaml': lines.join('\n') });
        for (const { message } of problems) expect(message).not.toContain(CANARY);
      }),
      { numRuns: 250 },
    );
  });

  test('any text at all gives problems or a configuration, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const { config, problems } = await loadTexts({ 'config.yaml': text });
        expect(config !== null || problems.some(({ severity }) => severity === 'fatal')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
