import type { JsonObject } from '../../core/json-object.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';

const VARIABLES = ['AWS_REGION_NAME', 'AWS_REGION', 'AWS_DEFAULT_REGION'];

/** How regions are called. */
export const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d+$/;

/**
 * The region that is asked: `aws_region_name`, what the model's name says (`us-west-2/<model>`, an ARN), what the address says,
 * the environment. A name says it of one model, the environment of all.
 *
 * @returns `null` when nothing tells
 */
export function awsRegionOf(model: string, params: JsonObject, env: Environment): string | null {
  const base = ['api_base', 'base_url', 'aws_bedrock_runtime_endpoint', 'sagemaker_base_url']
    .map((name) => textOf(params[name]))
    .find((text) => text !== null);
  return (
    textOf(params['aws_region_name']) ??
    textOf(params['region_name']) ??
    regionInName(model) ??
    regionInHost(base ?? '') ??
    firstSet(env, VARIABLES)
  );
}

function regionInName(model: string): string | null {
  const byArn = /arn:aws[\w-]*:bedrock:([a-z0-9-]+):/.exec(model)?.[1];
  return (
    byArn ??
    model
      .split('/')
      .slice(0, -1)
      .find((segment) => REGION.test(segment)) ??
    null
  );
}

/** `bedrock-runtime.eu-central-1.amazonaws.com`, and the same behind a private endpoint. */
export function regionInHost(base: string): string | null {
  return (
    URL.parse(base)
      ?.hostname.split('.')
      .find((label) => REGION.test(label)) ?? null
  );
}
