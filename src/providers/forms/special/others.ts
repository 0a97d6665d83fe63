import type { FieldFacts } from '../field.ts';

/** Who needs a few fields of their own. */
export const OTHERS: Readonly<Record<string, readonly FieldFacts[]>> = {
  watsonx: [
    { key: 'api_base', label: 'Address', type: 'url', required: true, placeholder: 'https://eu-de.ml.cloud.ibm.com' },
    { key: 'api_key', label: 'API key', type: 'secret', help: 'Of IBM Cloud. Leave it empty with Cloud Pak for Data.' },
    {
      key: 'zen_api_key',
      label: 'Key of Cloud Pak for Data',
      type: 'secret',
      advanced: true,
      help: 'Only for an installation of your own: `user:key`.',
    },
    { key: 'project_id', label: 'Project ID', help: 'The project or the deployment space that pays for the calls.' },
    { key: 'space_id', label: 'Deployment space ID', advanced: true },
  ],
  gigachat: [
    {
      key: 'api_key',
      label: 'Authorization key',
      type: 'secret',
      required: true,
      help: 'From your project at developers.sber.ru: Base64 of the client ID and the client secret.',
    },
    {
      key: 'gigachat_scope',
      label: 'Scope',
      type: 'select',
      options: ['GIGACHAT_API_PERS', 'GIGACHAT_API_B2B', 'GIGACHAT_API_CORP'],
      default: 'GIGACHAT_API_PERS',
      help: 'For persons, for companies that pay in advance, for companies that pay by use.',
    },
    {
      key: 'ssl_verify',
      label: 'File of the certificate authority',
      placeholder: '/config/russian_trusted_root_ca.pem',
      help: 'GigaChat shows certificates of the Russian Trusted Root CA, which few machines know: the path of the file with its certificate.',
    },
    {
      key: 'api_base',
      label: 'Address',
      type: 'url',
      advanced: true,
      placeholder: 'https://gigachat.devices.sberbank.ru/api/v1',
      help: 'Only to call another address than that of the provider.',
    },
  ],
  databricks: [
    {
      key: 'api_base',
      label: 'Address',
      type: 'url',
      required: true,
      placeholder: 'https://my-workspace.cloud.databricks.com/serving-endpoints',
    },
    { key: 'api_key', label: 'Access token', type: 'secret', help: 'Of a user, or leave it empty and name a service principal.' },
    { key: 'client_id', label: 'Client ID', advanced: true, help: 'Of a service principal, in place of an access token.' },
    { key: 'client_secret', label: 'Client secret', type: 'secret', advanced: true },
  ],
  snowflake: [
    {
      key: 'account',
      label: 'Account',
      required: true,
      placeholder: 'myorg-myaccount',
      help: 'As it stands in the address before `.snowflakecomputing.com`.',
    },
    {
      key: 'api_key',
      label: 'Token',
      type: 'secret',
      help: 'A programmatic access token, written `pat/…`. Leave it empty to sign in by a key pair.',
    },
    { key: 'snowflake_user', label: 'User', advanced: true, help: 'With a key pair in place of a token.' },
    { key: 'snowflake_private_key', label: 'Private key', type: 'secret', file: true, advanced: true },
    {
      key: 'snowflake_private_key_passphrase',
      label: 'Passphrase of the private key',
      type: 'secret',
      advanced: true,
      help: 'Only where the key is encrypted.',
    },
    {
      key: 'api_base',
      label: 'Address',
      type: 'url',
      advanced: true,
      help: 'Only to call another address than the one made of the fields above.',
    },
  ],
  searxng: [{ key: 'api_base', label: 'Address', type: 'url', required: true, placeholder: 'http://192.168.1.20:8888' }],
};
