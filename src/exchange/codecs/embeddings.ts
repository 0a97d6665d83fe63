import type { Deployment } from '../../core/deployment.ts';
import type { OutwardDialect } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { readEmbeddingsAnswer, readEmbeddingsRequest, writeEmbeddingsAnswer } from '../../dialects/openai/embeddings.ts';
import { errorInside } from '../../dialects/openai/errors.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { readUsage } from '../../dialects/openai/usage.ts';
import { withDefaults } from '../../providers/defaults.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared, WholeAnswer } from '../codec.ts';
import { endpointOf, headersFor } from '../endpoints.ts';
import type { Upstream } from '../upstream.ts';
import { openaiBody } from './openai-body.ts';
import { answerDocument } from './parsed-answer.ts';
import { textsFrom, type TextsOfTokens } from './texts-of-tokens.ts';
import { embeddingDialect, translatedEmbeddings } from './translated-embeddings.ts';
import { wholeOnly } from './whole-only.ts';

/** `POST /embeddings` towards any dialect that has them. */
export class Embeddings implements Codec {
  readonly #dialects: Readonly<Record<string, OutwardDialect>>;
  readonly #textsOfTokens: TextsOfTokens;

  constructor(dialects: Readonly<Record<string, OutwardDialect>>, textsOfTokens: TextsOfTokens) {
    this.#dialects = dialects;
    this.#textsOfTokens = textsOfTokens;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared | Promise<Prepared> {
    const request = readEmbeddingsRequest(call.body.whole(), call.groupName);
    const dialect = embeddingDialect(this.#dialects, deployment);
    const wanted = { model: context.shownModel, ...(request.encodingFormat ? { encodingFormat: request.encodingFormat } : {}) };
    const { upstream } = deployment;
    if (upstream.resolved.embeddings === 'openai') {
      const endpoint = endpointOf(upstream, '/embeddings');
      return wholeOnly({
        ...endpoint,
        tls: upstream.tls,
        headers: headersFor(upstream, endpoint, {}, call.options.upstreamHeaders),
        body: openaiBody(call, deployment, context),
        whole: (body) => passed(body, wanted),
        error: (reply) => dialect.error(reply),
      });
    }
    const asked: JsonObject = {};
    for (const [name, value] of Object.entries({ ...call.body.whole(), ...context.overrides }))
      if (!isGatewayMember(name)) asked[name] = value;
    const completed = readEmbeddingsRequest(withDefaults(asked, upstream.defaults), call.groupName);
    const told = (input: EmbeddingsRequest['input']): Prepared =>
      translatedEmbeddings(call, deployment, dialect, { ...completed, input }, (answer) => writeEmbeddingsAnswer(answer, wanted));
    // Tokens mean nothing to another model's tokenizer.
    if (completed.input.every((entry) => typeof entry === 'string')) return told(completed.input);
    return textsFrom(completed.input, call.groupName, 'input', this.#textsOfTokens).then(told);
  }
}

interface Wanted {
  readonly model: string;
  readonly encodingFormat?: 'float' | 'base64';
}

/** An OpenAI-shaped answer: vectors pass as bytes unless they come in another form than asked for. */
function passed(body: Buffer, wanted: Wanted): WholeAnswer {
  const document = answerDocument(body);
  const error = errorInside(document.has('data') ? {} : document.whole());
  if (error) throw error;
  if (!document.startsWith('data', '[')) throw new MalformedAnswerError('The answer has no embeddings.', 'shape');
  const usage = readUsage(document.value('usage')) ?? null;
  const asText = /"embedding"\s*:\s*"/.test(document.latin1.slice(0, 2000));
  if (asText !== (wanted.encodingFormat === 'base64') || /"embedding"\s*:\s*\[\s*\[/.test(document.latin1.slice(0, 2000))) {
    return {
      body: Buffer.from(JSON.stringify(writeEmbeddingsAnswer(readEmbeddingsAnswer(document.whole()), wanted))),
      usage,
      text: () => '',
    };
  }
  return { body: document.edited(new Map([['model', JSON.stringify(wanted.model)]])), usage, text: () => '' };
}
