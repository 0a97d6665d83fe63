import type { FieldFacts } from './field.ts';

/** Who signs in at AWS: keys of a user, or those of the environment. */
const AWS_KEYS: readonly FieldFacts[] = [
  {
    key: 'aws_region_name',
    label: 'AWS region',
    placeholder: 'eu-central-1',
    required: true,
    help: 'The region in which you have access to the model.',
  },
  {
    key: 'aws_access_key_id',
    label: 'Access key ID',
    type: 'secret',
    placeholder: 'AKIA…',
    help: 'Of an IAM user that may invoke models. Leave it empty to use those of the environment or of the machine.',
  },
  { key: 'aws_secret_access_key', label: 'Secret access key', type: 'secret', help: 'Belongs to the access key ID.' },
  { key: 'aws_session_token', label: 'Session token', type: 'secret', advanced: true, help: 'Only with temporary credentials.' },
];

/** Temporary keys, which are got before a call. */
const AWS_SESSIONS: readonly FieldFacts[] = [
  {
    key: 'aws_role_name',
    label: 'Role to take on',
    advanced: true,
    placeholder: 'arn:aws:iam::123456789012:role/models',
    help: 'Its ARN. It is taken on with the keys above, the profile, or what the machine has.',
  },
  { key: 'aws_external_id', label: 'External ID', advanced: true, help: 'Only when the trust policy of the role asks for one.' },
  { key: 'aws_session_name', label: 'Session name', advanced: true, help: 'Names the session of the role in the logs of AWS.' },
  {
    key: 'aws_web_identity_token',
    label: 'Web identity token',
    type: 'secret',
    advanced: true,
    help: 'Takes the role on in place of keys: the path of a file of this machine, or the token itself.',
  },
  {
    key: 'aws_profile_name',
    label: 'Profile',
    advanced: true,
    help: 'A profile in ~/.aws/credentials or ~/.aws/config of this machine. Programs and browsers that a profile names are not started.',
  },
  {
    key: 'aws_sts_endpoint',
    label: 'Address of the token service',
    type: 'url',
    advanced: true,
    placeholder: 'https://sts.eu-central-1.amazonaws.com',
    help: 'Only to ask another address for sessions than that of the region.',
  },
];

const AWS: readonly FieldFacts[] = [...AWS_KEYS, ...AWS_SESSIONS];

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

/** Fields of providers whose way to sign in says more than one key. By provider id. */
export const SPECIAL_FIELDS: Readonly<Record<string, readonly FieldFacts[]>> = {
  bedrock: [
    ...AWS_KEYS,
    { key: 'api_key', label: 'Bedrock API key', type: 'secret', advanced: true, help: 'In place of an access key.' },
    ...AWS_SESSIONS,
    {
      key: 'aws_bedrock_runtime_endpoint',
      label: 'Address',
      type: 'url',
      advanced: true,
      placeholder: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
    },
  ],
  sagemaker: [
    ...AWS,
    { key: 'model_id', label: 'Inference component', advanced: true, help: 'Only for endpoints that hold several.' },
    {
      key: 'hf_model_name',
      label: 'Model on Hugging Face',
      advanced: true,
      placeholder: 'meta-llama/Llama-3.1-8B-Instruct',
      help: 'Tells how a conversation becomes a prompt, where the name of the endpoint does not.',
    },
    {
      key: 'sagemaker_base_url',
      label: 'Address',
      type: 'url',
      advanced: true,
      placeholder: 'https://runtime.sagemaker.eu-central-1.amazonaws.com',
    },
  ],
  aws_polly: AWS,
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
  vertex_ai: [
    {
      key: 'vertex_project',
      label: 'Project ID',
      placeholder: 'my-project-123456',
      help: 'Leave it empty to use the project of the service account.',
    },
    {
      key: 'vertex_location',
      label: 'Location',
      placeholder: 'europe-west4',
      help: 'A region, `eu`, `us` or `global`. Leave it empty for us-central1, or global with models that are only there.',
    },
    {
      key: 'vertex_credentials',
      label: 'Service account key',
      type: 'secret',
      file: true,
      help: 'The content of the JSON file of a service account. Leave it empty to use the credentials of this machine.',
    },
    {
      key: 'api_key',
      label: 'API key',
      type: 'secret',
      advanced: true,
      help: 'In place of a service account: express mode, Gemini alone.',
    },
    {
      key: 'api_base',
      label: 'Address',
      type: 'url',
      advanced: true,
      placeholder: 'https://europe-west4-aiplatform.googleapis.com',
      help: 'Only to call another address than that of the location.',
    },
    {
      key: 'vertex_count_tokens_location',
      label: 'Location that counts tokens',
      advanced: true,
      placeholder: 'us-east5',
      help: 'Only for Claude in a location that does not count tokens.',
    },
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
  oci: [
    { key: 'oci_region', label: 'Region', required: true, placeholder: 'eu-frankfurt-1' },
    { key: 'oci_tenancy', label: 'Tenancy OCID', required: true },
    { key: 'oci_compartment_id', label: 'Compartment OCID', required: true },
    { key: 'oci_user', label: 'User OCID', required: true },
    { key: 'oci_fingerprint', label: 'Fingerprint of the key', required: true },
    { key: 'oci_key', label: 'Private key', type: 'secret', file: true, required: true },
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

/** How a model's name looks where it is not just a name, or where one is known by many. By provider id. */
export const SAMPLE_MODELS: Readonly<Record<string, string>> = {
  a2a: '<name of your own>',
  anthropic: 'claude-haiku-4-5',
  azure: '<deployment>',
  azure_ai: 'grok-3',
  bedrock: 'eu.anthropic.claude-haiku-4-5-20251001-v1:0',
  cohere: 'command-a-03-2025',
  coze: '<bot id>',
  dify: '<name of your own>',
  gemini: 'gemini-2.5-flash',
  gigachat: 'GigaChat-2-Max',
  huggingface: 'meta-llama/Llama-3.3-70B-Instruct',
  langflow: '<flow id>',
  langgraph: '<graph or assistant id>',
  ollama: 'qwen3:8b',
  openai: 'gpt-5-mini',
  openrouter: 'anthropic/claude-haiku-4.5',
  predibase: '<deployment>',
  ragflow: 'chat/<chat id>/<model>',
  sagemaker: '<endpoint>',
  sap: 'gpt-4o',
  vertex_ai: 'gemini-2.5-flash',
};

/** How fields are called and explained that a row names by placeholders and headers. By member of `litellm_params`. */
export const KNOWN_FIELDS: Readonly<Record<string, Omit<FieldFacts, 'key'>>> = {
  account: { label: 'Account' },
  account_id: { label: 'Account ID' },
  gateway_id: { label: 'Gateway ID', help: 'The name of the gateway in your account.' },
  product_id: { label: 'Product ID' },
  aws_region_name: { label: 'AWS region', placeholder: 'eu-central-1' },
  tenant_id: { label: 'Tenant ID' },
  model_id: { label: 'Model ID', advanced: true },
  ragflow_base: { label: 'Address', type: 'url' },
  organization: { label: 'Organization ID', advanced: true, help: 'Only for accounts that belong to several organizations.' },
  project: { label: 'Project ID', advanced: true },
  cf_aig_token: { label: 'Gateway token', type: 'secret', advanced: true, help: 'Only for gateways that ask for one.' },
};
