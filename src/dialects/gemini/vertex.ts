import type { MediaPart } from '../../core/parts.ts';
import { typeByExtension } from './media-types.ts';

/**
 * What is peculiar to Vertex AI among the hosts that speak this dialect: a model's methods, and which addresses of media the host
 * reads itself.
 */

/** Methods, as they stand behind a model's resource. */
export const VERTEX_METHODS = [':generateContent', ':streamGenerateContent?alt=sse', ':countTokens', ':predict', ':embedContent'] as const;

/** Where the model's resource stands, the provider's row knows. @param method with its query, if it has one */
export function vertexMethodPath(_model: string, method: string): string {
  return `:${method}`;
}

/**
 * Whether the medium must be given by its bytes: Vertex reads buckets of Cloud Storage, YouTube, and public files whose type it is
 * told.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference#filedata (2026-11-26)
 */
export function mustInlineAtVertex({ source, mediaType }: MediaPart): boolean {
  if (source.type !== 'url' || READ_AS_THEY_ARE.some((pattern) => pattern.test(source.url))) return false;
  return !isPublic(source.url) || (mediaType === undefined && typeByExtension(source.url) === undefined);
}

const READ_AS_THEY_ARE = [/^gs:\/\//, /^https:\/\/(www\.|m\.)?youtube\.com\/(watch\?|shorts\/|live\/|embed\/)/, /^https:\/\/youtu\.be\//];

/** A name of the Internet, over https. What stands in the house Google cannot reach. */
function isPublic(address: string): boolean {
  const url = URL.parse(address);
  return (
    url?.protocol === 'https:' && /\.[a-z][a-z0-9-]+$/.test(url.hostname) && !/\.(?:local|lan|home|internal|localhost)$/.test(url.hostname)
  );
}

/** Tiers of service are asked for by a header. @see https://cloud.google.com/vertex-ai/generative-ai/docs/priority-paygo (2026-11-26) */
export function tierHeaders(tier: string | undefined): Readonly<Record<string, string>> {
  return tier === 'flex' || tier === 'priority' ? { 'x-vertex-ai-llm-shared-request-type': tier } : {};
}
