import type { FieldFacts } from '../field.ts';

/** The Generative AI Hub. */
export const SAP: Readonly<Record<string, readonly FieldFacts[]>> = {
  sap: [
    {
      key: 'service_key',
      label: 'Service key',
      type: 'secret',
      file: true,
      help: 'The JSON of a service key of SAP AI Core, as the BTP cockpit shows it. Or fill in its parts below.',
    },
    { key: 'resource_group', label: 'Resource group', placeholder: 'default', default: 'default' },
    { key: 'client_id', label: 'Client ID', advanced: true, help: '`clientid` of the service key.' },
    { key: 'client_secret', label: 'Client secret', type: 'secret', advanced: true, help: '`clientsecret` of the service key.' },
    {
      key: 'auth_url',
      label: 'Address of the authorization',
      type: 'url',
      advanced: true,
      placeholder: 'https://my-account.authentication.eu10.hana.ondemand.com',
      help: '`url` of the service key.',
    },
    {
      key: 'api_base',
      label: 'Address',
      type: 'url',
      advanced: true,
      placeholder: 'https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2',
      help: '`AI_API_URL` of the service key.',
    },
    {
      key: 'deployment_id',
      label: 'Deployment ID',
      advanced: true,
      help: 'Only to call a certain deployment of the orchestration service; it is found otherwise.',
    },
    { key: 'model_version', label: 'Version of the model', advanced: true, placeholder: 'latest' },
  ],
};
