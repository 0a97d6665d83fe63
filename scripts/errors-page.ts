/** Writes docs/errors.md from the error classes and their statuses, so that page and code cannot differ: `node scripts/errors-page.ts`. */
import { errorAnswerOf, STATUS_OF } from '../src/contract/error-envelope.ts';
import { controlErrorBody } from '../src/control/error-body.ts';
import {
  AuthError, BadRequestError, BodyValidationError, BudgetExceededError, DatabaseUnavailableError, InvalidRequestError, LedgerUnavailableError, MethodNotAllowedError, ModelAccessError, NoDeploymentError, NotFoundError,
  PermissionError, RateLimitExceededError, RequestTooLargeError, SlowQuestionError, TimeoutError, UnknownModelError, UnsupportedParamsError, type ErrorType,
} from '../src/core/errors.ts'; // prettier-ignore
import { usdOf } from '../src/core/money.ts';
import { ProviderError, TruncatedStreamError, type ProviderErrorClass } from '../src/core/provider-error.ts';
import { OverloadedError } from '../src/server/overload.ts';
import { writePage } from './generated-page.ts';

interface Entry {
  readonly when: string;
  readonly todo: string;
  /** Real errors of this type, made as the code makes them. */
  readonly examples: readonly unknown[];
}

const NOW = Date.parse('2026-01-31T11:59:30Z');
const RESET = Date.parse('2026-01-31T12:00:00Z');
const KEY_HASH = '88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b';

/** What people need to know of each type. One without an entry does not compile. */
const ENTRIES: Record<ErrorType, Entry> = {
  auth_error: {
    when: 'There is no credential, it is malformed, its key is blocked, or it was made under another salt key: 401. The key is known and may not call this route: 403. The route is for the master key: 401.',
    todo: 'Send a key as `Authorization: Bearer sk-...`. A blocked key is freed by `/key/unblock`; what a key may call stands in its `allowed_routes`.',
    examples: [
      new AuthError('Authentication Error, No api key passed in.'),
      new PermissionError(
        "Virtual key is not allowed to call this route. Only allowed to call routes: ['llm_api_routes']. Tried to call route: /key/list",
      ),
    ],
  },
  token_not_found_in_db: {
    when: 'The key is well formed and not known here: never made, deleted, or made by another installation.',
    todo: 'Compare the last four characters with the names in `/key/list`, and the address with that of your gateway.',
    examples: [
      new AuthError(
        `Authentication Error, Invalid proxy server token passed. Received API Key = sk-...1234, Key Hash (Token) =${KEY_HASH}. Unable to find token in cache or \`LiteLLM_VerificationTokenTable\``,
        'token_not_found_in_db',
        'key',
      ),
    ],
  },
  expired_key: {
    when: 'The time in `expires` of the key has passed.',
    todo: 'Make a new key, or give this one a new `duration` by `/key/update`.',
    examples: [
      new AuthError(
        'Authentication Error - Expired Key. Key Expiry time 2026-01-31T11:00:00.000Z and current time 2026-01-31T11:59:30.000Z',
        'expired_key',
        'sk-...1234',
      ),
    ],
  },
  key_model_access_denied: {
    when: 'The list `models` of the key does not hold the model. (`model_access_denied_status` chooses another status.)',
    todo: 'Ask for a model of `/v1/models`, or add this one to the key.',
    examples: [new ModelAccessError('gpt-5')],
  },
  invalid_request_error: {
    when: 'The body is no JSON object, nests deeper than 128, holds `model` twice; a member is missing or wrong; the model is not known; the provider cannot take a parameter. Also what a provider itself refuses as wrong.',
    todo: 'The text and `param` name the member. Unsupported parameters are left out with `drop_params: true`.',
    examples: [
      new InvalidRequestError("/chat/completions: Missing required parameter: 'messages'.", 'messages'),
      new UnsupportedParamsError('groq', 'llama-3.3-70b', ['logit_bias']),
      new UnknownModelError('gpt-6'),
    ],
  },
  bad_request_error: {
    when: 'A control-plane request has a value that cannot be: an alias that another key has, a duration that is none, a value above its upper bound.',
    todo: 'The text says what is allowed; `param` names the member.',
    examples: [new BadRequestError("Key with alias 'lamp' already exists. Unique key aliases across all keys are required.", 'key_alias')],
  },
  validation_error: {
    when: 'Members of a control-plane body are missing or have a wrong type. The body is a bare list `detail`, one entry for each fault, as the reference has it.',
    todo: 'Each `loc` names a member, `msg` says what is wrong with it.',
    examples: [new BodyValidationError([{ loc: ['body', 'key'], msg: 'Field required', type: 'missing' }])],
  },
  request_too_large: {
    when: 'The body is larger than `max_request_size_mb`, packed or unpacked, or its file than `max_file_size_mb`. (With `strict_status: false` the status is 400.)',
    todo: 'Send less, or raise the limit.',
    examples: [new RequestTooLargeError(100 * 1_048_576)],
  },
  not_found_error: {
    when: 'There is no such path, key or object.',
    todo: 'Compare the path with docs/api.md.',
    examples: [new NotFoundError('Key not found in database.', 'key')],
  },
  method_not_allowed: {
    when: 'The path is known, the method is not. The header `allow` names the ones that are.',
    todo: 'Use one of them.',
    examples: [new MethodNotAllowedError(['POST'])],
  },
  throttling_error: {
    when: 'A limit of the caller’s own key is reached: requests or tokens a minute, or calls at the same time.',
    todo: 'Wait for `retry-after` seconds. A wait of more than 5 seconds comes with `x-should-retry: false`, so that a client does not sit through it in silence.',
    examples: [new RateLimitExceededError(`api_key: ${KEY_HASH}`, 'requests', 10, 0, RESET, NOW)],
  },
  rate_limit_error: {
    when: 'Every deployment of the model rests after failures, or the provider itself says that it is asked too often.',
    todo: 'Wait for `retry-after` seconds, or configure fallbacks.',
    examples: [
      new NoDeploymentError('gpt-5', 5000),
      providerError({
        class: 'RateLimitError',
        status: 429,
        message:
          'litellm.RateLimitError: OpenAIException - Rate limit reached for gpt-5. Received Model Group=gpt-5\nAvailable Model Group Fallbacks=None',
        retryAfterMs: 7000,
      }),
    ],
  },
  budget_exceeded: {
    when: 'A budget is spent: of the key, of one of its windows or models, or of the whole gateway. When running calls hold the rest of it, the text says so, and another try may pass. (`budget_exceeded_status` chooses another status.)',
    todo: 'Wait for the reset that the text names, raise the budget, or add a temporary increase. The header `x-litellm-budget-scope` names whose budget it is.',
    examples: [
      new BudgetExceededError('key', 'Key=lamp (sk-...1234)', usdOf('10.002'), usdOf('10'), null, RESET, NOW),
      new BudgetExceededError('key', 'Key=lamp (sk-...1234)', usdOf('9.5'), usdOf('10'), { calls: 2, held: usdOf('0.6') }, null, NOW),
    ],
  },
  timeout_error: {
    when: 'One of our own time-outs passed: to connect, to the first byte, of silence inside an answer, or in total. The text says which one and how long. Also when a question about spend takes too long to answer.',
    todo: 'Raise `timeout` or `stream_timeout` where a model is slow; look at the provider where it is not. A question about spend is answered faster with fewer days, or with a filter.',
    examples: [new TimeoutError('first byte', 30_000), new SlowQuestionError(5000)],
  },
  api_connection_error: {
    when: 'The provider cannot be reached, its name is not known, TLS fails, it hangs up, or its answer is none (HTML, a cut body).',
    todo: 'Look at the provider’s address and state; `/health` tries it.',
    examples: [new TruncatedStreamError()],
  },
  no_db_connection: {
    when: 'The database is away and keys were not loaded since the start; or a change must be written to it. Calls with known keys go on from memory.',
    todo: 'Look at `/health/readiness/details`; try again after `retry-after` seconds.',
    examples: [new DatabaseUnavailableError()],
  },
  ledger_unavailable: {
    when: 'Spend can be written down nowhere, so that calls that cost money are refused (`on_ledger_failure: serve` lets them pass). Models whose price is 0 are served.',
    todo: 'Free room on the disk of the data folder, or bring the database back.',
    examples: [new LedgerUnavailableError()],
  },
  overloaded_error: {
    when: 'More calls arrive than this machine can serve; those that run go first.',
    todo: 'Try again in a second.',
    examples: [new OverloadedError()],
  },
  internal_server_error: {
    when: 'A fault of ours, or of a provider that says so itself. Ours tells nothing to the client and everything to the log, under the id in `x-litellm-call-id`.',
    todo: 'Look for the id in the log, and report it.',
    examples: [new Error('unforeseen')],
  },
};

function providerError(failure: ConstructorParameters<typeof ProviderError>[0]): ProviderError {
  return new ProviderError(failure);
}

/** What providers’ failures become: the class stands in the message. One without a line does not compile. */
const CLASSES: Record<ProviderErrorClass, string> = {
  BadRequestError: '400: the provider finds the request wrong',
  ContextWindowExceededError:
    '400, code `context_length_exceeded`: the prompt is longer than the model reads; falls back by `context_window_fallbacks`',
  ContentPolicyViolationError:
    '400, code `content_policy_violation`: the provider’s safety rules; falls back by `content_policy_fallbacks`',
  AuthenticationError: '401: the provider does not take our key',
  PermissionDeniedError: '403: our key may not do this there',
  NotFoundError: '404: the provider does not know the model or path',
  Timeout: '408: the provider says that it took too long',
  UnprocessableEntityError: '422: the provider understands the request and cannot do it',
  RateLimitError: '429: asked too often, or quota used up; retried, then the deployment rests',
  InternalServerError: '500: the provider failed, or answered with broken JSON; retried',
  BadGatewayError: '502: something before the provider failed; retried',
  ServiceUnavailableError: '503 or 529: the provider is down or overloaded; retried',
  APIConnectionError: '502: not reached, cut off, or no answer of its kind; retried before the first byte',
  APIError: 'any other status, as it came',
};

/** The page as Markdown. */
export function errorsPage(): string {
  return [
    INTRODUCTION,
    '| `error.type` | status | when |\n|---|---|---|\n' + Object.entries(ENTRIES).map(([type, { when }]) => `| [\`${type}\`](#${type}) | ${STATUS_OF[type as ErrorType]} | ${firstSentence(when)} |`).join('\n'),
    ...Object.entries(ENTRIES).map(([type, entry]) => section(type as ErrorType, entry)),
    '## Failures of providers\n\nThe message reads `litellm.<class>: <Provider>Exception - <the provider’s words>. Received Model Group=<model>`; `type` and `code` are the provider’s own where it gave some. Secrets in the provider’s words are masked.\n\n' +
      '| class | status and meaning |\n|---|---|\n' + Object.entries(CLASSES).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`).join('\n'),
  ].join('\n\n') + '\n'; // prettier-ignore
}

const INTRODUCTION = `# Errors

<!-- Made by scripts/errors-page.ts from the code. Edit there. -->

Every error is JSON of one shape, and says what was hit, the value now, the limit, and when it passes, as far as there is such a thing:

\`\`\`json
{"error": {"message": "text", "type": "auth_error", "param": "key", "code": "401"}}
\`\`\`

\`code\` is text: a symbol such as \`context_length_exceeded\` where there is one, else the status. \`param\` names the member that is meant, or is \`null\`. Every answer of a route has the header
\`x-litellm-call-id\`; the log and the spend row of the call have the same id. Routes of the control plane add a member \`detail\` with the same message. Inside a stream that has begun, the
error is its last event, \`data: {"error": ...}\`, and no \`[DONE]\` follows. \`x-should-retry: false\` asks official clients not to try again.

Under \`/v1/messages\` the same errors come in the shape of Anthropic's API, in a stream as \`event: error\`; \`error.type\` is the one that its clients know for the status, and
\`request_id\` the id of the call. An error that Anthropic itself told comes as it was told, secrets masked:

\`\`\`json
{"type": "error", "error": {"type": "rate_limit_error", "message": "text", "code": "429"}, "request_id": "..."}
\`\`\`

On the routes of Google's API they come in the shape of that API: \`status\` is Google's word for the status, and \`details\` tell our \`type\` in capitals, the member that is meant
and when another try may help. Inside a stream the error is the last frame, of the events or of the list:

\`\`\`json
{"error": {"code": 429, "message": "text", "status": "RESOURCE_EXHAUSTED", "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "THROTTLING_ERROR", "domain": "llm-gateway"}]}}
\`\`\`

What is no HTTP at all gets 400, headers of more than 64 kB get 431, a request that does not arrive in time gets 408, all with this body; then the connection closes.`;

function section(type: ErrorType, { when, todo, examples }: Entry): string {
  return [
    `## ${type}`,
    `**${STATUS_OF[type]}.** ${when}`,
    `*What to do:* ${todo}`,
    ...examples.map((error) => exampleOf(error, type)),
  ].join('\n\n');
}

const CONTROL: ReadonlySet<ErrorType> = new Set(['bad_request_error', 'validation_error', 'not_found_error', 'method_not_allowed']);

function exampleOf(error: unknown, type: ErrorType): string {
  const { status, headers, body } = errorAnswerOf(error);
  const shown = CONTROL.has(type) ? controlErrorBody(error, body) : body;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return ['```http', `HTTP/1.1 ${status}`, ...lines, '', JSON.stringify(shown, null, 2), '```'].join('\n');
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}

if (import.meta.main) writePage('errors.md', errorsPage());
