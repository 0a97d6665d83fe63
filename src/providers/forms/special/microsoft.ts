import type { FieldFacts } from '../field.ts';

const ENTRA: readonly FieldFacts[] = [
  { key: 'azure_ad_token', label: 'Entra ID token', type: 'secret', advanced: true, help: 'In place of an API key.' },
  { key: 'tenant_id', label: 'Tenant ID', advanced: true, help: 'With client ID and client secret in place of an API key.' },
  { key: 'client_id', label: 'Client ID', advanced: true, help: 'Alone: of an identity that is assigned to this machine in Azure.' },
  { key: 'client_secret', label: 'Client secret', type: 'secret', advanced: true },
];

const AZURE_KEY: FieldFacts = {
  key: 'api_key',
  label: 'API key',
  type: 'secret',
  help: 'Key 1 or key 2 of the resource, under "Keys and Endpoint".',
};

/** Azure OpenAI, Azure AI Foundry, GitHub Copilot. */
export const MICROSOFT: Readonly<Record<string, readonly FieldFacts[]>> = {
  azure: [
    {
      key: 'api_base',
      label: 'Endpoint',
      type: 'url',
      required: true,
      placeholder: 'https://my-resource.openai.azure.com',
      help: 'The endpoint of the Azure OpenAI resource. The model is the name of your deployment.',
    },
    AZURE_KEY,
    {
      key: 'api_version',
      label: 'API version',
      placeholder: '2024-10-21',
      advanced: true,
      help: 'Empty: the last of the dated versions. `v1`: the interface without them.',
    },
    ...ENTRA,
  ],
  azure_ai: [
    {
      key: 'api_base',
      label: 'Endpoint',
      type: 'url',
      required: true,
      placeholder: 'https://my-resource.services.ai.azure.com',
      help: 'The endpoint of the Azure AI Foundry resource.',
    },
    AZURE_KEY,
    { key: 'api_version', label: 'API version', advanced: true },
    ...ENTRA,
  ],
  github_copilot: [
    {
      key: 'api_key',
      label: 'Token of the GitHub account',
      type: 'secret',
      help: 'Leave it empty with a stored credential that was signed in at GitHub.',
    },
    { key: 'api_base', label: 'Address', type: 'url', advanced: true, placeholder: 'https://api.githubcopilot.com' },
  ],
};
