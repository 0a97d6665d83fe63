import type { Deployment } from '../../core/deployment.ts';
import type { Target } from '../../core/dialect.ts';
import type { Call } from '../call.ts';
import type { Upstream } from '../upstream.ts';

/** The deployment's target under what this request says of parameters. */
export function targetFor(call: Call, deployment: Deployment<Upstream>): Target {
  const { params } = deployment.upstream;
  const { dropParams, allowedParams } = call.options;
  if (dropParams === null && allowedParams.length === 0) return deployment.target;
  return {
    ...deployment.target,
    params: { drop: dropParams ?? params.drop, allow: [...params.allow, ...allowedParams], modify: params.modify },
  };
}
