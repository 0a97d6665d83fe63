import type { DialectName } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ProviderRow } from '../../catalogue/row.ts';
import { firstSet, textOf, type Environment } from '../environment.ts';
import type { Place } from '../place.ts';
import { familyOf, deploymentOf } from './family.ts';
import { foundryPlace } from './foundry.ts';
import { azureOpenAiPlace } from './openai.ts';

export interface AzureQuestion {
  readonly name: string;
  readonly base: string;
  readonly params: JsonObject;
  readonly info: JsonObject | undefined;
  readonly env: Environment;
}

/** Where one of Azure's deployments is asked. */
export function azurePlace(
  kind: Exclude<ProviderRow['addresses'], 'vertex' | undefined>,
  row: ProviderRow,
  question: AzureQuestion,
): Place {
  const { name, base, params, info, env } = question;
  const deployment = deploymentOf(name);
  const family = familyOf(name, params, info);
  const version = textOf(params['api_version']) ?? firstSet(env, row.versionEnv === undefined ? [] : [row.versionEnv]);
  const address = { base, deployment, version };
  const common = { model: deployment, family };
  switch (kind) {
    case 'azure':
      return { ...common, ...azureOpenAiPlace(address), dialect: OPENAI, headers: {}, bearer: false };
    case 'azure_ai':
      return { ...common, ...foundryPlace(address, family) };
  }
}

const OPENAI: DialectName = 'openai';
