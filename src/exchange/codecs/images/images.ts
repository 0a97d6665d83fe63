import type { Deployment } from '../../../core/deployment.ts';
import type { DialectName } from '../../../core/dialect.ts';
import { InvalidRequestError } from '../../../core/errors.ts';
import type { Call, Operation } from '../../call.ts';
import type { Codec, PrepareContext, Prepared } from '../../codec.ts';
import type { Upstream } from '../../upstream.ts';
import type { ImagesParts } from './image-trip.ts';
import { passedImages } from './passed-images.ts';
import { translatedImages } from './translated-images.ts';

/** `POST /images/generations` and `/images/edits`: passed where the provider takes what OpenAI takes, translated where it does not. */
export class ImagesCodec implements Codec {
  readonly #parts: ImagesParts;

  constructor(parts: ImagesParts) {
    this.#parts = parts;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared | Promise<Prepared> {
    const dialect = this.#parts.dialects[deployment.dialect];
    const { images: rules, providerName } = deployment.upstream.resolved;
    if (!dialect) throw new Error(`no dialect ${deployment.dialect}`);
    if (call.operation === 'image_edit' && rules.noEdits === true)
      throw new InvalidRequestError(`${deployment.model} of ${providerName} makes images and does not change any.`, 'model');
    if (rules.by === undefined && AS_OPENAI.has(deployment.dialect))
      return passedImages({ call, deployment, context, dialect }, this.#parts.fetcher);
    if (dialect.images === undefined && rules.by === undefined) throw unsupported(call.operation, providerName);
    return translatedImages({ call, deployment, context, dialect }, this.#parts);
  }
}

/** Dialects in which images are asked for by OpenAI's members, under the rules of a row. */
const AS_OPENAI: ReadonlySet<DialectName> = new Set(['openai', 'pictures', 'replicate']);

function unsupported(operation: Operation, provider: string): InvalidRequestError {
  const what = operation === 'image_edit' ? 'Image edits' : 'Images';
  return new InvalidRequestError(`${what} are not supported for provider ${provider}.`, 'model');
}
