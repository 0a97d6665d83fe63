import type { FieldFacts } from './field.ts';

/** How fields are called and explained that a row names by placeholders and headers. By member of `litellm_params`. */
export const KNOWN_FIELDS: Readonly<Record<string, Omit<FieldFacts, 'key'>>> = {
  account: { label: 'Account' },
  account_id: { label: 'Account ID' },
  gateway_id: { label: 'Gateway ID', help: 'The name of the gateway in your account.' },
  product_id: { label: 'Product ID' },
  aws_region_name: { label: 'AWS region', placeholder: 'eu-central-1' },
  region_name: { label: 'Region', placeholder: 'westeurope' },
  tenant_id: { label: 'Tenant ID' },
  model_id: { label: 'Model ID', advanced: true },
  ragflow_base: { label: 'Address', type: 'url' },
  organization: { label: 'Organization ID', advanced: true, help: 'Only for accounts that belong to several organizations.' },
  project: { label: 'Project ID', advanced: true },
  cf_aig_token: { label: 'Gateway token', type: 'secret', advanced: true, help: 'Only for gateways that ask for one.' },
};
