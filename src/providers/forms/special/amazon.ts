import type { FieldFacts } from '../field.ts';

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

/** Bedrock, SageMaker, Polly. */
export const AMAZON: Readonly<Record<string, readonly FieldFacts[]>> = {
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
};
