import type { FieldFacts } from '../field.ts';

/** Vertex AI. */
export const GOOGLE: Readonly<Record<string, readonly FieldFacts[]>> = {
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
};
