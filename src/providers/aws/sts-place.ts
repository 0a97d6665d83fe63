import { textOf } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import type { AwsQuestion } from './question.ts';
import type { StsPlace } from './grant.ts';
import { REGION, regionInHost } from './region.ts';

/** Endings of addresses in parts of AWS that are apart from the others, by the beginning of their regions. */
const DOMAINS: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-iso-', 'c2s.ic.gov'],
];
/** The region of the address that is everybody's. */
const OF_ALL = 'us-east-1';

/**
 * The security token service that is asked: `aws_sts_endpoint`, else that of the region.
 *
 * @throws {UnresolvedDeployment} for a region or an address that is none
 */
export function stsPlaceOf({ params, trusted = false }: AwsQuestion, region: string): StsPlace {
  const given = textOf(params['aws_sts_endpoint']);
  if (given === null) {
    if (!REGION.test(region)) throw new UnresolvedDeployment('aws_region_name is no region of AWS.', { param: 'aws_region_name' });
    const domain = DOMAINS.find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
    return { address: `https://sts.${region}.${domain}/`, region, seesFiles: true };
  }
  const url = URL.parse(given);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new UnresolvedDeployment('aws_sts_endpoint is no http or https address.', { param: 'aws_sts_endpoint' });
  const own = url.hostname === 'sts.amazonaws.com' ? OF_ALL : regionInHost(given);
  return { address: given, region: own ?? region, seesFiles: trusted };
}
