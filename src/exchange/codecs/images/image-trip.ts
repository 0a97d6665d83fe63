import type { Deployment } from '../../../core/deployment.ts';
import type { OutwardDialect } from '../../../core/dialect.ts';
import type { Call } from '../../call.ts';
import type { PrepareContext } from '../../codec.ts';
import type { MediaInliner } from '../../media-inliner.ts';
import type { Upstream } from '../../upstream.ts';
import type { ImageFetcher } from './fetched-images.ts';

/** A call for images on its way to one deployment. */
export interface ImageTrip {
  readonly call: Call;
  readonly deployment: Deployment<Upstream>;
  readonly context: PrepareContext;
  readonly dialect: OutwardDialect;
}

export interface ImagesParts {
  readonly dialects: Readonly<Record<string, OutwardDialect>>;
  readonly media: MediaInliner;
  readonly fetcher: ImageFetcher;
}
