/** Writes docs/configuration.md from the field tables of src/config, so that page and code cannot differ. */
import { OPTION_VARIABLES } from '../src/config/environment.ts';
import { USAGE } from '../src/config/options.ts';
import { MAX_INCLUDE_DEPTH } from '../src/config/sources.ts';
import { MAX_FILE_BYTES } from '../src/config/text-file.ts';
import { environmentFields, VARIABLES_FOR_KEYS } from '../src/config/settings/environment.ts';
import type { Fields } from '../src/config/settings/field.ts';
import { generalFields } from '../src/config/settings/general.ts';
import { defaultOf } from '../src/config/settings/listed.ts';
import { GUARDING_KEYS, LATER_KEYS } from '../src/config/settings/later-keys.ts';
import { litellmFields } from '../src/config/settings/litellm.ts';
import { routerFields, SHARED_ROUTER_KEYS } from '../src/config/settings/router.ts';
import { writePage } from './generated-page.ts';

/** The page as Markdown. */
export function configurationPage(): string {
  return (
    [
      INTRODUCTION,
      '## Command line\n\n```\n' +
        USAGE.trimEnd() +
        '\n```\n\nExit codes: 0 done, 1 `check-config` found something, 78 options or configuration are wrong.',
      LISTENER,
      FILE,
      AWS,
      AZURE,
      GOOGLE,
      GIGACHAT,
      SAP,
      COPILOT,
      ORACLE,
      '## `litellm_settings`\n\n' +
        table(litellmFields) +
        `\n\nThese keys of \`router_settings\` may stand here too, and count where \`router_settings\` says nothing: ${SHARED_ROUTER_KEYS.map(code).join(', ')}.`,
      '## `router_settings`\n\n' + table(routerFields),
      '## `general_settings`\n\n' + table(generalFields),
      '## Environment\n\n' +
        table(environmentFields, 'variable') +
        '\n\nThese variables stand for a key of the file:\n\n' +
        variableTable() +
        `\n\n\`environment_variables\` in the file sets variables too. It never replaces one that is set among ${[...OPTION_VARIABLES].map(code).join(', ')}.` +
        ' Provider keys such as `OPENAI_API_KEY` are read from the environment when a model has no `api_key`.',
      '## Known, but not yet acting\n\nThese are read and checked, and do nothing yet: ' +
        [litellmFields, routerFields, generalFields, environmentFields].flatMap(idleNames).map(code).join(', ') +
        '.\n\nOther keys of the reference are kept and do nothing, without a warning:\n\n' +
        keyList(LATER_KEYS) +
        '\n\nThese limit something, so a file that has them gives a warning until they act:\n\n' +
        keyList(GUARDING_KEYS),
    ].join('\n\n') + '\n'
  );
}

const INTRODUCTION = `# Configuration

<!-- Made by scripts/configuration-page.ts from the code. Edit there. -->

Everything stands in one file, \`litellm_config.yaml\` in the data folder. The first start writes it, with a model \`demo\` that answers without a provider, and samples to
copy. A file of the LiteLLM Proxy works as it is.

A change acts within two seconds of saving, and running answers are not cut. A file with a mistake changes nothing: the configuration that runs goes on, and
the log says what is wrong, with file, line, column and key. \`llm-gateway check-config FILE\` says the same beforehand.

Settings can also be changed while the gateway runs, in the panel or by \`POST /config/update\`. They are kept in the database and stand over the file, key by key; a null there means
that the key is not set, whatever the file says. \`GET /config/list\` tells for each setting where its value comes from: default, file, database or environment.

The master key and the salt key are made at the first start, unless they are given, and kept in \`secrets/master-key\` and \`secrets/salt-key\` in the data folder.
\`llm-gateway key\` prints the master key. **Never change the salt key**: it guards virtual keys and stored credentials.`;

const LISTENER = `## Listener

These variables are read at a start, beside \`HOST\`, \`PORT\`, \`CONFIG_FILE_PATH\` and \`LITELLM_LOG\`. A wrong value stops it.

| variable | effect |
|---|---|
| \`SSL_CERTFILE_PATH\`, \`SSL_KEYFILE_PATH\` | serve HTTPS with this certificate (with its chain) and this key, both PEM |
| \`GATEWAY_ALLOWED_NETWORKS\` | addresses or networks that may connect, with commas between them, such as \`192.168.1.0/24,fd00::/8\`; others get 403. This machine always may |
| \`GATEWAY_POSTGRES_BIN\` | folder of PostgreSQL's programs for the built-in database, such as \`/usr/lib/postgresql/17/bin\`; else those of the npm package |
| \`GATEWAY_CONTROL_SOCKET\` | path of a Unix socket where this machine's administrator asks for a backup; needs \`GATEWAY_POSTGRES_BIN\`. The image has both |
| \`GATEWAY_OPTIONS_FILE\` | options of the Home Assistant app as JSON (\`/data/options.json\` in the image, if it is there); see the app's documentation |
| \`GATEWAY_OPTION_...\` | one of those options by name, such as \`GATEWAY_OPTION_RETENTION_DAYS=30\`; wins over the file |`;

const FILE = `## The file

| top-level key | holds |
|---|---|
| \`model_list\` | the models: \`model_name\`, \`litellm_params\` (at least \`model\`) and \`model_info\` |
| \`credential_list\` | provider credentials by name, which rows take by \`litellm_credential_name\`; what the row says itself wins |
| \`litellm_settings\`, \`router_settings\`, \`general_settings\` | the tables below |
| \`environment_variables\` | environment variables, set before the rest is read |
| \`include\` | further files, named relative to the main file, up to ${MAX_INCLUDE_DEPTH} levels deep. Lists are joined; in maps the main file wins |

- \`os.environ/NAME\` as a value is replaced by that environment variable; in \`headers\` and \`extra_headers\` also inside longer text. A variable that is not set
  gives a warning, and the key counts as absent.
- \`!secret name\` is replaced by that entry of \`secrets.yaml\` beside the file.
- Words mean what they mean to PyYAML: \`yes\`, \`no\`, \`on\`, \`off\` are booleans. Names, keys and versions stay as written (\`api_version: 2024-10-21\`, \`model_name: 4\`).
- Prices (\`input_cost_per_token\` ...) and budgets count with every digit written.
- A key that stands twice counts the last time. A wrong model row is left out and the others work. Unknown keys are kept. Each of these gives a warning.
- A file may have ${MAX_FILE_BYTES / 1_048_576} MB.`;

const AWS = `## Amazon Bedrock

\`\`\`yaml
model_list:
  - model_name: claude
    litellm_params:
      model: bedrock/eu.anthropic.claude-haiku-4-5-20251001-v1:0
      aws_region_name: eu-central-1
      aws_role_name: arn:aws:iam::123456789012:role/models
      aws_web_identity_token: /run/secrets/token # or aws_access_key_id and aws_secret_access_key, or aws_profile_name
\`\`\`

Who asks is proved by the first of these that is there:

| from | by \`litellm_params\` | by the environment |
|---|---|---|
| a Bedrock API key, sent as it is | \`api_key\` | \`AWS_BEARER_TOKEN_BEDROCK\` |
| a role that a token of another issuer takes on | \`aws_web_identity_token\` with \`aws_role_name\` | \`AWS_WEB_IDENTITY_TOKEN_FILE\` with \`AWS_ROLE_ARN\` |
| a role that keys, a profile or the machine take on | \`aws_role_name\`, and \`aws_external_id\` where the role asks for it | |
| a profile of \`~/.aws/credentials\` and \`~/.aws/config\` | \`aws_profile_name\` | \`AWS_PROFILE\`; other files: \`AWS_SHARED_CREDENTIALS_FILE\`, \`AWS_CONFIG_FILE\` |
| an access key | \`aws_access_key_id\`, \`aws_secret_access_key\`, \`aws_session_token\` | \`AWS_ACCESS_KEY_ID\`, \`AWS_SECRET_ACCESS_KEY\`, \`AWS_SESSION_TOKEN\`: before the other variables of this column |
| the server of a container (ECS, EKS) | | \`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\`, or \`AWS_CONTAINER_CREDENTIALS_FULL_URI\` with \`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\` or \`AWS_CONTAINER_AUTHORIZATION_TOKEN\` |
| the machine: the default profile, then the metadata server (IMDSv2) | when nothing is named | \`AWS_EC2_METADATA_DISABLED=true\` switches the metadata server off |

- What \`litellm_params\` say comes before the environment, the environment before the machine.
- Temporary keys are kept in memory, shared by all models with the same credentials, and renewed five minutes before they end. When AWS says that they have expired, they are got anew
  and the call is made once more.
- \`aws_web_identity_token\` is the token itself, the path of its file, \`oidc/file/<path>\`, \`oidc/env/<variable>\` or \`oidc/env_path/<variable>\`. A file is read anew for every session.
- \`aws_session_name\` (or \`AWS_ROLE_SESSION_NAME\`) names the sessions in the logs of AWS; without it \`llm-gateway\`.
- A profile may have keys, \`role_arn\` with \`source_profile\`, with \`credential_source\` or with \`web_identity_token_file\`, \`external_id\`, \`role_session_name\`, \`duration_seconds\`, and
  \`region\`, which counts where nothing else tells one. No program is run (\`credential_process\`), no browser is opened (SSO), and no one-time code is asked for (\`mfa_serial\`): the
  model says so and is left out.
- AWS STS is asked in the model's region, or at \`aws_sts_endpoint\`. An address that was entered in the panel has no file of the machine sent.`;

const AZURE = `## Azure OpenAI and AI Foundry

Who asks is proved by the first of these that is there; what \`litellm_params\` say comes before the environment:

| from | by \`litellm_params\` | by the environment |
|---|---|---|
| an API key | \`api_key\` | \`AZURE_API_KEY\`, \`AZURE_AI_API_KEY\`: after what the row says of Entra ID |
| a token of Entra ID, sent as it is | \`azure_ad_token\` | \`AZURE_AD_TOKEN\` |
| another issuer's token in a file | \`azure_ad_token: oidc/file/<path>\`, with \`tenant_id\` and \`client_id\` | \`AZURE_FEDERATED_TOKEN_FILE\` |
| the secret of an application | \`tenant_id\`, \`client_id\`, \`client_secret\` | \`AZURE_TENANT_ID\`, \`AZURE_CLIENT_ID\`, \`AZURE_CLIENT_SECRET\` |
| a person | \`azure_username\`, \`azure_password\` | \`AZURE_USERNAME\`, \`AZURE_PASSWORD\` |
| the certificate of an application | | \`AZURE_CLIENT_CERTIFICATE_PATH\`: a PEM file with the certificate and its RSA key; \`AZURE_CLIENT_CERTIFICATE_PASSWORD\` |
| the identity that Azure gives the machine (managed identity) | \`client_id\` alone, for one that its owner assigned | \`AZURE_CLIENT_ID\` alone; without it the machine's own |

- The machine's own identity is asked for where nothing else is named and the address is one of Azure (\`.azure.com\`, \`.azure.us\`, \`.azure.cn\`, \`.azure-api.net\`): the server of App
  Service, Functions and Container Apps (\`IDENTITY_ENDPOINT\`, \`IDENTITY_HEADER\`), else the metadata server of a virtual machine.
- \`azure_scope\` (\`AZURE_SCOPE\`) asks for tokens for something else; \`AZURE_AUTHORITY_HOST\` asks another cloud.
- Tokens are kept in memory and renewed five minutes before they end.`;

const GOOGLE = `## Google Vertex AI

\`\`\`yaml
model_list:
  - model_name: gemini
    litellm_params:
      model: vertex_ai/gemini-2.5-flash
      vertex_credentials: /path/to/service-account.json # or its JSON as text
      vertex_location: europe-west4
  - model_name: claude
    litellm_params:
      model: vertex_ai/claude-sonnet-4-5@20250929
      vertex_project: my-project-123456
      vertex_location: global
\`\`\`

| member of \`litellm_params\` | variables | when it is not set |
|---|---|---|
| \`vertex_credentials\`: the JSON of a credential, as text or as an object, or the path of its file | \`VERTEXAI_CREDENTIALS\`, \`GOOGLE_APPLICATION_CREDENTIALS\` | the user that gcloud signed in on this machine, else the metadata server of Google Cloud |
| \`vertex_project\` | \`VERTEXAI_PROJECT\`, \`VERTEX_PROJECT\`, \`GOOGLE_VERTEX_PROJECT\`, \`GOOGLE_CLOUD_PROJECT\` | the project of the credential |
| \`vertex_location\` | \`VERTEXAI_LOCATION\`, \`VERTEX_LOCATION\`, \`GOOGLE_VERTEX_LOCATION\`, \`GOOGLE_CLOUD_LOCATION\` | \`us-central1\`; \`global\` for Gemini 3, Claude 4.5 and later |
| \`api_key\`, in place of a credential | \`GOOGLE_VERTEX_API_KEY\` | without \`vertex_project\` it is express mode, which calls Gemini alone |
| \`api_base\` | \`VERTEX_API_BASE\` | Google's address for the location. An address that ends earlier is completed, up to the name of the model |
| \`vertex_count_tokens_location\` | | tokens of Claude are counted in the location of the model |

- Credentials may be of the type \`service_account\`, \`authorized_user\`, \`external_account\` (the other token in a file or at an address) or \`impersonated_service_account\`.
  Tokens are kept in memory and renewed five minutes before they end. No program is run for a credential.
- Addresses in a credential (\`token_uri\` and the like) may lead anywhere when it stands in this file or in a file of the machine. One that was entered in the panel reaches
  public addresses alone, and has no file of the machine sent.
- \`GOOGLE_CLOUD_QUOTA_PROJECT\`, or \`quota_project_id\` in the credential: the project whose quota is used.
- The name of the model tells who is asked: \`claude-...\` in Anthropic's words, \`mistral-...\`, \`codestral-...\` and \`jamba-...\` at their makers' servers, \`<maker>/<model>\` (Llama,
  DeepSeek, Qwen and others) by the interface to all makers, \`gemini/<number>\` at an endpoint with a tuned Gemini, \`<number>\` at an endpoint with a server of your own, whose
  model \`base_model\` names. All else is Google's.
- \`labels\` in a request go to Google as they are, files in Cloud Storage (\`gs://...\`) by their address.`;

const GIGACHAT = `## GigaChat

\`\`\`yaml
model_list:
  - model_name: giga
    litellm_params:
      model: gigachat/GigaChat-2-Max
      api_key: os.environ/GIGACHAT_CREDENTIALS
      gigachat_scope: GIGACHAT_API_PERS
      ssl_verify: /config/russian_trusted_root_ca.pem
\`\`\`

| member of \`litellm_params\` | variables | when it is not set |
|---|---|---|
| \`api_key\`: the authorization key, Base64 of client ID and client secret | \`GIGACHAT_CREDENTIALS\`, \`GIGACHAT_API_KEY\` | |
| \`gigachat_scope\` | \`GIGACHAT_SCOPE\` | \`GIGACHAT_API_PERS\`, for persons; companies have \`GIGACHAT_API_B2B\` or \`GIGACHAT_API_CORP\` |
| \`token\`, in place of a key: a token that is sent as it is | \`GIGACHAT_ACCESS_TOKEN\` | tokens are got for the key, kept in memory and renewed before they end |
| \`api_base\` | \`GIGACHAT_BASE_URL\` | \`https://gigachat.devices.sberbank.ru/api/v1\` |
| | \`GIGACHAT_AUTH_URL\` | tokens are asked for at \`https://ngw.devices.sberbank.ru:9443/api/v2/oauth\` |
| \`ssl_verify\`: the file with the certificate of an authority | | the authorities that this machine knows |

- GigaChat and its authorization show certificates of the Russian Trusted Root CA, which few machines know. \`ssl_verify\` names the file with that certificate, and counts for both;
  without it a call says that the authority is not known.
- It calls one function a turn. \`tool_choice: required\` is taken where there is one function, \`parallel_tool_calls: true\` never.
- The state of a function call comes back as a \`redacted_thinking\` block of \`thinking_blocks\`; a client that drops it gets it back from the gateway for a day.
- Pictures and documents are known by the id of a file that was uploaded to GigaChat (\`file_id\`), not by their bytes.`;

const SAP = `## SAP Generative AI Hub

\`\`\`yaml
model_list:
  - model_name: hub
    litellm_params:
      model: sap/gpt-4o
      service_key: os.environ/AICORE_SERVICE_KEY
      resource_group: default
\`\`\`

| member of \`litellm_params\` | variables | when it is not set |
|---|---|---|
| \`service_key\` (or \`api_key\`): the JSON of a service key with a client secret, as text or as an object | \`AICORE_SERVICE_KEY\` | its parts below |
| \`client_id\`, \`client_secret\` | \`AICORE_CLIENT_ID\`, \`AICORE_CLIENT_SECRET\` | \`clientid\` and \`clientsecret\` of the service key |
| \`auth_url\` | \`AICORE_AUTH_URL\` | \`url\` of the service key |
| \`api_base\` | \`AICORE_BASE_URL\` | \`AI_API_URL\` of the service key, with \`/v2\` |
| \`resource_group\` | \`AICORE_RESOURCE_GROUP\` | \`default\` |
| \`deployment_id\`, or a \`deployment_url\` | | the first deployment of the orchestration service that runs in the resource group |
| \`token\` with \`deployment_id\`, in place of a key | | tokens are got for the client, kept in memory and renewed before they end |
| \`model_version\` | | the latest |
| \`filtering\`, \`masking\`, \`translation\`: modules as SAP describes them | | none |

- The deployment is found once for a credential and looked for again when it is gone; then the call is made once more.
- Every message is sent as data: \`{{?...}}\` in a text is no placeholder. \`grounding\`, \`placeholder_values\` and templates of the prompt registry need placeholders and are refused.`;

const COPILOT = `## GitHub Copilot

\`\`\`yaml
model_list:
  - model_name: copilot
    litellm_params:
      model: github_copilot/gpt-4.1
      litellm_credential_name: github_copilot # the account that was signed in
\`\`\`

- Sign in under **Add model**, GitHub Copilot: a code is shown, and is entered at GitHub. The account's token is stored as the credential \`github_copilot\`, encrypted under the salt key. The same
  by the API: \`POST /credentials/github_copilot/device\`, then \`POST /credentials/github_copilot/device/<id>\` until its state is \`done\`. An \`api_key\`, or \`GITHUB_COPILOT_TOKEN\`, is such a token too.
- A token of Copilot is got for it, kept in memory and renewed five minutes before it ends. The address that GitHub names for the account is called, unless \`api_base\` says another.
- Turns that follow an answer are marked as an agent's (\`X-Initiator\`), pictures by \`Copilot-Vision-Request\`.
- It is the interface of GitHub's own editors. Whether the terms of use allow that is for you to judge: the risk is yours.`;

const ORACLE = `## Oracle Cloud

\`\`\`yaml
model_list:
  - model_name: llama
    litellm_params:
      model: oci/meta.llama-3.3-70b-instruct
      oci_region: eu-frankfurt-1
      oci_compartment_id: ocid1.compartment.oc1..example
      oci_tenancy: ocid1.tenancy.oc1..example
      oci_user: ocid1.user.oc1..example
      oci_fingerprint: 20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34
      oci_key_file: /path/to/oci_api_key.pem # or its text as oci_key
\`\`\`

| member of \`litellm_params\` | variables | in \`~/.oci/config\` |
|---|---|---|
| \`oci_user\`, \`oci_tenancy\`, \`oci_fingerprint\` | \`OCI_USER\`, \`OCI_TENANCY\`, \`OCI_FINGERPRINT\` | \`user\`, \`tenancy\`, \`fingerprint\` |
| \`oci_key\`: the text of the API signing key in PEM form, or \`oci_key_file\`: the path of its file | \`OCI_KEY\`, \`OCI_KEY_FILE\` | \`key_content\`, \`key_file\` |
| \`oci_key_passphrase\`, when the key is encrypted | \`OCI_KEY_PASSPHRASE\` | \`pass_phrase\` |
| \`oci_region\` | \`OCI_REGION\` | \`region\` |
| \`oci_compartment_id\` | \`OCI_COMPARTMENT_ID\` | |
| \`api_key\`: a Generative AI API key, in place of all of these but the region | \`OCI_GENAI_API_KEY\` | |

- The deployment's own member counts first, then the variable. The file is asked where neither says anything of who asks: its profile \`DEFAULT\`, or the one that
  \`OCI_PROFILE\` names. A profile that the deployment names (\`oci_profile\`) comes before the variables. \`OCI_CONFIG_FILE\` names another file; the \`OCI_CLI_...\` names of these
  variables are known too.
- A Generative AI API key opens the interface of OpenAI's kind alone: chat, of the models that Oracle offers there. With a signing key there are embeddings and rerank too.
- Instance principals, resource principals and session tokens are not supported.
- A model on a dedicated AI cluster: \`oci_endpoint_id\` with any name of a model, or \`oci/ocid1.generativeaiendpoint...\`. \`oci_api_format\` (\`GENERIC\`, \`COHERE\` or \`COHEREV2\`) says what it
  speaks; without it the name tells: \`cohere.command-a...\` Cohere's second version, other \`cohere....\` its first, all else the generic form.`;

function table(fields: Fields, head = 'key'): string {
  const rows = Object.values(fields).map(
    ({ wire, schema, help }) => `| ${code(wire)} | ${shownDefault(defaultOf(schema))} | ${help.replaceAll('|', '\\|')} |`,
  );
  return [`| ${head} | default | effect |`, '|---|---|---|', ...rows].join('\n');
}

function shownDefault(value: unknown): string {
  if (value === null || value === '') return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return code(String(value));
  return Object.keys(value as object).length === 0 ? 'none' : code(JSON.stringify(value));
}

function variableTable(): string {
  const rows = VARIABLES_FOR_KEYS.map(
    ({ variable, section, key, wins }) => `| ${code(variable)} | ${code(`${section}.${key}`)} | ${wins ? 'the variable' : 'the file'} |`,
  );
  return ['| variable | key | what wins |', '|---|---|---|', ...rows].join('\n');
}

function idleNames(fields: Fields): string[] {
  return Object.values(fields).flatMap(({ wire, acts }) => (acts ? [] : [wire]));
}

function keyList(sections: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(sections)
    .map(([section, keys]) => `- ${code(section)}: ${keys.map(code).join(', ')}`)
    .join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

if (import.meta.main) writePage('configuration.md', configurationPage());
