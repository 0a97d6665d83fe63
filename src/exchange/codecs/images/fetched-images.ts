import type { ImagesAnswer, MadeImage } from '../../../core/answer.ts';
import { ClientGoneError } from '../../../core/errors.ts';
import type { MediaFetcher } from '../../../providers/media.ts';
import type { Client } from '../../client.ts';
import type { Upstream } from '../../upstream.ts';

/** Images one answer may have fetched for it. */
const MOST_FETCHED = 16;

/** Gets the bytes of images that a provider tells by their addresses, through the one egress policy. */
export class ImageFetcher {
  readonly #fetcher: Pick<MediaFetcher, 'fetch'>;

  constructor(fetcher: Pick<MediaFetcher, 'fetch'>) {
    this.#fetcher = fetcher;
  }

  /** The same answer with bytes. What cannot be fetched keeps its address: it was made, and paid for. */
  async inlined(answer: ImagesAnswer, upstream: Upstream, client: Client): Promise<ImagesAnswer> {
    const fetched = answer.images.slice(0, MOST_FETCHED).map((image) => this.#fetched(image, upstream, client));
    const images = [...(await Promise.all(fetched)), ...answer.images.slice(MOST_FETCHED)];
    return { ...answer, images };
  }

  async #fetched(image: MadeImage, upstream: Upstream, client: Client): Promise<MadeImage> {
    if (image.url === undefined || image.data !== undefined) return image;
    const allowPrivate = upstream.privateMedia || isAt(image.url, upstream.resolved.base);
    try {
      const { data } = await this.#fetcher.fetch(image.url, { kind: 'image', allowPrivate, signal: client.signal });
      const { url: _, ...rest } = image;
      return { ...rest, data: data.toString('base64') };
    } catch (error) {
      if (client.gone) throw new ClientGoneError('the client is gone', { cause: error });
      return image;
    }
  }
}

/** A server in the house keeps its images beside itself. */
function isAt(url: string, base: string): boolean {
  return URL.parse(url)?.origin === new URL(base).origin;
}
