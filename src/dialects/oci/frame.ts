import type { Target } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';

/** Which of Oracle's three forms of a conversation a model speaks. */
export type ApiFormat = 'GENERIC' | 'COHERE' | 'COHEREV2';

/** What is named in place of a model: an endpoint of the owner's. */
const ENDPOINT = /^ocid1\.generativeaiendpoint\./;

/**
 * The members around every request: in whose compartment, and which model, or which endpoint of a dedicated cluster, is asked.
 *
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/ServingMode (2026-11-26)
 */
export function frameOf(model: string, scope: Target['scope'] = {}): JsonObject {
  const { compartment, mode, endpoint = model } = scope;
  const isDedicated = mode === 'DEDICATED' || (mode === undefined && ENDPOINT.test(model));
  return {
    compartmentId: compartment,
    servingMode: isDedicated ? { servingType: 'DEDICATED', endpointId: endpoint } : { servingType: 'ON_DEMAND', modelId: model },
  };
}

/**
 * Models of Cohere speak Cohere's words, those of the Command A family its second version; all others the generic form. Of an
 * endpoint its owner says it.
 *
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/BaseChatRequest (2026-11-26)
 */
export function formatOf({ model, scope }: Target): ApiFormat {
  const said = scope?.['format'];
  if (said === 'GENERIC' || said === 'COHERE' || said === 'COHEREV2') return said;
  if (model.startsWith('cohere.command-a')) return 'COHEREV2';
  return model.startsWith('cohere.') ? 'COHERE' : 'GENERIC';
}

/** A client's own parameters, less those that stand for the owner's account. */
export function ownExtras(extras: Readonly<JsonObject>): JsonObject {
  const given = Object.entries(extras).filter(([name, value]) => !name.startsWith('oci_') && value !== undefined && value !== null);
  return Object.fromEntries(given);
}
