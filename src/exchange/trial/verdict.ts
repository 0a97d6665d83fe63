import type { ConnectionCause } from '../../contract/connection-test.ts';
import { GatewayError, TimeoutError } from '../../core/errors.ts';
import { MalformedAnswerError, ProviderError, TruncatedStreamError, type ProviderFailure } from '../../core/provider-error.ts';
import { EgressDeniedError } from '../../providers/egress.ts';
import { UnresolvedDeployment } from '../../providers/resolve.ts';

/** Why a call failed, in a form that advice can be made from. */
export interface Verdict {
  readonly cause: ConnectionCause;
  /** The member of `litellm_params` that it most likely concerns. */
  readonly field: string | null;
  readonly message: string;
}

export interface Asked {
  /** The provider's name of the model. */
  readonly model: string;
  /** HTTP status of the answer; null when none came. */
  readonly status: number | null;
  /** Status by which this provider refuses a key, when it is not 401. */
  readonly badKeyStatus: number | null;
  /** Names of `litellm_params`, to be found again in what the provider says. */
  readonly params: readonly string[];
}

/** Judges whatever ended a call to a provider. */
export function verdictOf(error: unknown, asked: Asked): Verdict {
  const message = error instanceof Error ? error.message : 'The call failed.';
  const denied = deniedIn(error);
  if (denied) return { cause: 'refused_address', ...deniedPlace(error, denied, asked) };
  if (error instanceof TimeoutError)
    return error.kind === 'connect' ? { cause: 'no_answer', field: 'api_base', message } : { cause: 'timeout', field: null, message };
  if (error instanceof UnresolvedDeployment) return { cause: 'invalid_settings', field: error.param, message };
  if (error instanceof GatewayError) return { cause: 'invalid_settings', field: error.param, message };
  if (error instanceof ProviderError && isElsewhere(asked.status))
    return { ...WRONG_ADDRESS, message: elsewhere(asked.status, error.failure) };
  if (error instanceof ProviderError) return { ...judged(error, asked), message };
  return { cause: 'provider_error', field: null, message: 'The call failed by a fault of the gateway; its log tells more.' };
}

/** The egress policy's refusal, also when a connection failed by it. */
function deniedIn(error: unknown): EgressDeniedError | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof EgressDeniedError) return at;
  return null;
}

/** An address that stands in a credential is told by whoever was to be asked there. */
function deniedPlace(error: unknown, denied: EgressDeniedError, { params }: Asked): Pick<Verdict, 'field' | 'message'> {
  const inCredential = error instanceof ProviderError && error.cause === denied && params.includes('vertex_credentials');
  return inCredential ? { field: 'vertex_credentials', message: error.message } : { field: 'api_base', message: denied.message };
}

function isElsewhere(status: number | null): status is number {
  return status !== null && status >= 300 && status < 400;
}

/** Redirections are not followed: the key would go where nobody sent it. */
function elsewhere(status: number, { headers }: ProviderFailure): string {
  const target = URL.parse(headers?.['location'] ?? '');
  return `The address answers with a redirection (status ${status}${target ? `, to ${target.origin}` : ''}), which is not followed.`;
}

type Judgement = Pick<Verdict, 'cause' | 'field'>;

const WRONG_ADDRESS: Judgement = { cause: 'wrong_address', field: 'api_base' };
const UNKNOWN_MODEL: Judgement = { cause: 'unknown_model', field: 'model' };
const QUOTA: Judgement = { cause: 'quota', field: null };

function judged(error: ProviderError, asked: Asked): Judgement {
  const { failure } = error;
  if (error instanceof TruncatedStreamError) return { cause: 'provider_error', field: null };
  if (error instanceof MalformedAnswerError || isPage(failure) || WRONG_PATH.test(failure.message)) return WRONG_ADDRESS;
  if (failure.class === 'APIConnectionError')
    return NOT_HTTP.test(failure.message) ? WRONG_ADDRESS : { cause: 'no_answer', field: 'api_base' };
  if (failure.status === asked.badKeyStatus) return keyRefused(asked);
  return byStatus(failure, asked);
}

function byStatus(failure: ProviderFailure, asked: Asked): Judgement {
  const { class: kind, status, message } = failure;
  const words = `${failure.code ?? ''} ${failure.type ?? ''} ${message}`.toLowerCase();
  if (kind === 'Timeout' || status === 408 || status === 504) return { cause: 'timeout', field: null };
  if (status === 402 || kind === 'RateLimitError' || (status < 500 && NO_MONEY.test(words))) return QUOTA;
  if (status === 401) return keyRefused(asked);
  if (status === 403) return isOfModel(words, asked.model) ? UNKNOWN_MODEL : keyRefused(asked);
  if (status === 404)
    return words.includes('model') || words.includes('deployment') || words.includes(asked.model.toLowerCase())
      ? UNKNOWN_MODEL
      : WRONG_ADDRESS;
  if (status === 405) return WRONG_ADDRESS;
  if (status < 500 && isOfModel(words, asked.model)) return UNKNOWN_MODEL;
  return bySetting(failure, asked.params);
}

/** Members of `litellm_params` that prove who asks. */
const KEYS = ['api_key', 'azure_ad_token', 'service_key', 'client_secret', 'vertex_credentials', 'oci_key', 'oci_key_file'];

/** What proves who asks is the key, unless the row proves it by something else. */
function keyRefused({ params }: Asked): Judgement {
  const field = KEYS.find((name) => params.includes(name)) ?? 'api_key';
  return { cause: 'key_refused', field };
}

/** The provider names one of the parameters that the row sets. */
function bySetting({ param, message, status }: ProviderFailure, params: readonly string[]): Judgement {
  const named = params.find((name) => name === param) ?? params.find((name) => NAMED(name).test(message));
  const settings = status < 500 && named !== undefined && !PLACES.has(named);
  return settings ? { cause: 'invalid_settings', field: named } : { cause: 'provider_error', field: null };
}

/** Members that say where and who; a provider's text that holds their names is about something else. */
const PLACES: ReadonlySet<string> = new Set(['model', 'api_base', 'base_url', 'api_key', 'custom_llm_provider', 'litellm_credential_name']);

function NAMED(name: string): RegExp {
  return new RegExp(`(?<![\\w-])${RegExp.escape(name)}(?![\\w-])`);
}

const WRONG_PATH =
  /^unexpected endpoint or method|404 page not found|unknown (?:request )?url|invalid url|^(?:"?not found"?|route not found|no route|cannot post )/i;
const NOT_HTTP = /does not speak HTTP|broken HTTP answer/;
const NO_MONEY = /insufficient[ _]?(?:quota|balance|credit|funds)|credit balance|quota|billing|payment|out of credits/;

/** Whether a refusal is one of the model: `Model Not Exist`, `invalid model`, `x is not a valid model ID`. */
function isOfModel(words: string, model: string): boolean {
  return (words.includes('model') || words.includes(model.toLowerCase())) && MODEL_WORDS.test(words);
}

const MODEL_WORDS =
  /not[ _]found|not exist|does ?n[o']t exist|unknown|unsupported|not supported|not a valid model|invalid[ _]model|no access|not have access|not available|no such|not loaded|decommissioned|deprecated/;

function isPage({ headers, message }: ProviderFailure): boolean {
  return /^text\/html/i.test(headers?.['content-type'] ?? '') || message.includes('answered with an HTML page');
}
