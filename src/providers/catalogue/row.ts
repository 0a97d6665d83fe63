import { z } from 'zod';
import { WIRES, type WireName } from '../../dialects/prompted/wires.ts';
import { VOICE_WIRES, type VoiceWireName } from '../../dialects/voices/wires.ts';
import { RERANK_SHAPES, type RerankShapeName } from '../../dialects/rerank/shapes.ts';
import { ImageRuleFor } from './image-rules.ts';
import { Quirks, ReplyFlags } from './quirks.ts';

const Day = z.iso.date();

/** Where the credential goes. */
const Auth = z.strictObject({
  /** `header`, `none`, `sigv4` and `oci` are spoken; rows of the other kinds wait for their signer. */
  type: z.enum(['header', 'none', 'query', 'oauth', 'sigv4', 'oci']),
  header: z.string().optional(),
  /** Text before the key, `Bearer ` with its blank. */
  prefix: z.string().optional(),
  /** Sent only when a key is configured. */
  optional: z.boolean().optional(),
  /** Name of the service in signatures of `sigv4`, and the parameter that may name its address. */
  service: z.string().optional(),
  addressParam: z.string().optional(),
  /** Query parameter of `query`. */
  param: z.string().optional(),
  /** The same key in further headers. */
  also: z.array(z.strictObject({ header: z.string(), prefix: z.string() })).optional(),
  /** Other forms: for keys that begin so, or for a token in another variable. */
  variants: z
    .array(
      z.strictObject({
        keyPrefix: z.string().optional(),
        /** The beginning tells the kind of key and is not part of it. */
        cutsPrefix: z.boolean().optional(),
        env: z.string().optional(),
        header: z.string(),
        prefix: z.string(),
        headers: z.record(z.string(), z.string()).optional(),
      }),
    )
    .optional(),
  /** Tokens of Entra ID may stand in place of a key: what they are asked for. */
  entra: z.strictObject({ scope: z.string() }).optional(),
  /** Tokens of Google Cloud stand in place of a key, unless there is one: what they are asked for. */
  google: z.strictObject({ scope: z.string() }).optional(),
  /** Tokens may stand in place of a key: those of a service principal, or what a key pair signs. */
  tokens: z.enum(['databricks', 'snowflake']).optional(),
  /** Tokens of GitHub Copilot are got for the key: where, unless the variable names another address. */
  copilot: z.strictObject({ address: z.string(), env: z.string() }).optional(),
  /** Tokens of IBM Cloud are got for the key: where. */
  ibm: z.strictObject({ address: z.string() }).optional(),
  /** Tokens of Sber are got for the key: where, and for which kind of customer where nobody says so. */
  gigachat: z.strictObject({ address: z.string(), scope: z.string() }).optional(),
  /** The key is a service key of SAP: it tells where tokens are got, and where the provider is. */
  sap: z.literal(true).optional(),
});

/** A header with a fixed value, or one taken from a parameter or the environment when set. */
const ExtraHeader = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  param: z.string().optional(),
  env: z.string().optional(),
  prefix: z.string().optional(),
});

/** A variable that holds the base URL, maybe without its last part or without scheme and port. */
const BaseVariable = z.union([
  z.string(),
  z.strictObject({ name: z.string(), suffix: z.string().optional(), port: z.number().int().optional() }),
]);

/** What a `{name}` in a base stands for: the first of `litellm_params` keys and variables that is set. */
const Placeholder = z.strictObject({ params: z.array(z.string()), env: z.array(z.string()), default: z.string().optional() });

const Wire = z.enum(Object.keys(WIRES) as WireName[]);
const VoiceWire = z.enum(Object.keys(VOICE_WIRES) as VoiceWireName[]);

/** Rewrites the upstream name: the first match wins; `base` moves the call to another address. `$1`... are the groups. */
const ModelRule = z.strictObject({
  match: z.string(),
  to: z.string(),
  base: z.string().optional(),
  /** Only under this prefix, as the owner wrote it. */
  prefix: z.string().optional(),
  /** Only at an address of the owner's that matches: `base` then rewrites that one, with its groups; `{model}` is the model. */
  at: z.string().optional(),
  /** Models that are asked in another dialect than the row's, and by which wire of it. */
  dialect: z.literal('prompted').optional(),
  wire: Wire.optional(),
});

/** Where an operation is asked, by the base: the first match wins. `$1`... are the groups, `{model}` is the model, `{model_}` the same with `_` for dots. */
const AddressRule = z.strictObject({
  match: z.string(),
  /** Only models whose name matches. */ models: z.string().optional(),
  to: z.string(),
  /** What the provider calls the model there. */ model: z.string().optional(),
  /** What is no part of the model's name in the address. */
  without: z.string().optional(),
});

/** How documents are ranked; the shapes are those of `dialects/rerank/shapes.ts`. */
const Rerank = z.strictObject({ shape: z.enum(Object.keys(RERANK_SHAPES) as RerankShapeName[]), at: z.array(AddressRule).optional() });

/** How text is completed: by OpenAI's interface, or by the dialect's own; where it is not, as a conversation. */
const Completions = z.strictObject({
  by: z.enum(['openai', 'own']),
  /** Only models whose name matches; the others are asked as a conversation. */
  models: z.string().optional(),
  /** Prefixes under which every model is meant to complete. */
  prefixes: z.array(z.string()).optional(),
  at: z.array(AddressRule).optional(),
});

/** Recordings are transcribed by OpenAI's form although the row's dialect is another: the fields that are known beside the file and the model. */
const Transcription = z.strictObject({ fields: z.array(z.string()) });

/** Embeddings that are asked for in another dialect than everything else. */
const Embeddings = z.strictObject({ by: z.literal('vectors'), at: z.array(AddressRule).optional() });

/** Speech and recordings go by this wire of the dialect `voices`, although the row's dialect is another. `hears`: where. */
const Audio = z.strictObject({ wire: VoiceWire, hears: z.array(AddressRule).optional() });

/** Quirks for models whose upstream name matches (and does not match `except`). */
const QuirkRule = z.strictObject({ match: z.string(), except: z.string().optional(), quirks: Quirks });

/** Quirks of the versions of an interface from one day on and before another; a version that is no day is the newest. */
const VersionRule = z.strictObject({ from: Day.optional(), before: Day.optional(), quirks: Quirks });

/** Where a provider speaks OpenAI's Responses unasked. A row without it, but with the endpoint, is asked so when a deployment says so. */
const ResponsesRule = z.strictObject({
  /** Only on these hosts: at another base some other server answers. */
  hosts: z.array(z.string()).optional(),
  /** It counts the tokens of an input without answering it. */
  counts: z.boolean().optional(),
  /** Clients of Anthropic's dialect are answered over it too. */
  messages: z.boolean().optional(),
  /** Models that need it: for every conversation, or once they call tools and think. */
  models: z
    .array(z.strictObject({ match: z.string(), except: z.string().optional(), use: z.enum(['always', 'tools_with_reasoning']) }))
    .optional(),
});
export type ResponsesRule = Readonly<z.infer<typeof ResponsesRule>>;

/** What stands between us and a provider, where neither its wire nor what it is for tells. */
const Obstacle = z.enum(['ended', 'own_clients', 'browser', 'grpc', 'jobs']);
export type Obstacle = z.infer<typeof Obstacle>;

/** One provider. Everything a machine reads is structured; `notes` are for people. */
export const ProviderRow = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** One that is spoken, or `custom:` and a name for those that are not. */
  dialect: z.string(),
  /** Default base URL; absent when every installation has its own. */
  base: z.string().optional(),
  auth: Auth,
  /** Variables that may hold the key; the first that is set counts. */
  keys: z.array(z.string()).optional(),
  bases: z.array(BaseVariable).optional(),
  /** Further variables the vendor's tools read. */
  otherEnv: z.array(z.string()).optional(),
  /** While this variable is `true`, a base that the owner gives is the whole address. */
  wholeBaseEnv: z.string().optional(),
  placeholders: z.record(z.string(), Placeholder).optional(),
  headers: z.array(ExtraHeader).optional(),
  /** Headers of the client or the dialect that the provider refuses. */
  dropHeaders: z.array(z.string()).optional(),
  /** Headers that tell of the turn; `copilot`: who goes on, and whether there are pictures. */
  headersOfTurn: z.enum(['copilot']).optional(),
  endpoints: z.array(z.string()),
  /** Present: it cannot be called, and why. */
  obstacle: Obstacle.optional(),
  responses: ResponsesRule.optional(),
  /** The dialect's path → this provider's. */
  paths: z.record(z.string(), z.string()).optional(),
  model: z.array(ModelRule).optional(),
  /** Models that are asked in another dialect than the row's, by other paths; the first match counts. */
  spoken: z
    .array(z.strictObject({ match: z.string(), dialect: z.enum(['openai', 'anthropic']), paths: z.record(z.string(), z.string()) }))
    .optional(),
  /** Which wire of the dialect is spoken, where it has several and no rule for the model says otherwise. */
  wire: Wire.or(VoiceWire).optional(),
  rerank: Rerank.optional(),
  embeddings: Embeddings.optional(),
  audio: Audio.optional(),
  completions: Completions.optional(),
  transcription: Transcription.optional(),
  /** How a base becomes addresses where that is more than joining: `resolve/azure/`, whose models are the owner's deployments, `resolve/vertex/`. */
  addresses: z.enum(['azure', 'azure_ai', 'vertex']).optional(),
  /** Body members that variables set, unless the deployment or the client does: the first that is set counts. */
  members: z.record(z.string(), z.array(z.string())).optional(),
  /** Paths of body members that clients do not set, beside those that variables do: which other models may answer. */
  owners: z.array(z.string()).optional(),
  /** Parameters of the query that every call has; `version` is what `api_version` says, where it says something. */
  query: z.record(z.string(), z.string()).optional(),
  /** Variable that holds the `api_version`. */
  versionEnv: z.string().optional(),
  /** Id of a row whose quirks, rules and reply flags come first. */
  inherits: z.string().optional(),
  quirks: Quirks.optional(),
  rules: z.array(QuirkRule).optional(),
  /** How images are asked for, where that is not OpenAI's way. */
  images: z.array(ImageRuleFor).optional(),
  /** Where they are asked for, where the base decides that. */
  imagesAt: z.array(AddressRule).optional(),
  /** Id of a row whose rules for models come first, and nothing else of it. */
  rulesOf: z.string().optional(),
  versions: z.array(VersionRule).optional(),
  /** Quirks that come last when the base is on none of these hosts. */
  elsewhere: z.strictObject({ hosts: z.array(z.string()), quirks: Quirks }).optional(),
  reply: ReplyFlags.optional(),
  /** Provider parameters beyond OpenAI's that are known to be taken. */
  nativeParams: z.array(z.string()).optional(),
  /** Runs in the owner's house: no key needed, calls cost nothing. */
  local: z.boolean().optional(),
  /** Passes calls on to models of other companies. */
  gateway: z.boolean().optional(),
  aliases: z.array(z.string()).optional(),
  website: z.string(),
  /** Whether LiteLLM knows the provider, under this id or an alias. */
  litellm: z.boolean(),
  confidence: z.enum(['high', 'medium', 'low']),
  notes: z.array(z.string()).optional(),
});
export type ProviderRow = Readonly<z.infer<typeof ProviderRow>>;

export const CatalogueFile = z.strictObject({
  about: z.string(),
  /** Quirks that every row of a dialect starts from. */
  dialects: z.record(z.string(), Quirks),
  providers: z.array(ProviderRow),
});
export type CatalogueFile = Readonly<z.infer<typeof CatalogueFile>>;
