import { ImageBody, ImageEditForm, ImagesAnswer } from '../contract/images.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { handleCall, pathsOf, type CallRouteParts } from './calls.ts';
import { uploadCall } from './upload-calls.ts';
import type { FileFields } from './upload/form.ts';

/** `POST /v1/images/generations`, `/v1/images/edits` and their other names (data-plane 9.8). */
export function imageRoutes(parts: CallRouteParts): Route[] {
  const shared = { method: 'POST', rights: 'llm', group: 'llm_api_routes', surface: 'openai' } as const;
  return [
    {
      ...shared,
      paths: pathsOf('images/generations'),
      summary: 'Makes images from words; `stream` sends them as events, unfinished ones before.',
      shapes: { body: ImageBody, answer: ImagesAnswer, streams: true },
      handle: (call) => handleCall(parts, call, 'image_generation'),
    },
    {
      ...shared,
      paths: pathsOf('images/edits'),
      summary:
        'Changes images by words. The form passes on as it arrives when `model` stands before the first image; JSON names images by addresses.',
      shapes: { body: ImageEditForm, bodyType: 'multipart/form-data', answer: ImagesAnswer, streams: true },
      handle: (call) => edited(parts, call),
    },
  ];
}

/** As clients write lists: `image`, `image[]`, `image[0]`. */
const IMAGES: FileFields = { names: /^(?:image|mask)(?:\[\d{0,3}\])?$/, most: 17, shown: 'image' };

const MISSING = "Missing required file: send the image as the form's field 'image', with a file name.";

function edited(parts: CallRouteParts, call: RouteCall): Promise<void> {
  const isJson = /\bjson\b/i.test(call.request.headers['content-type'] ?? '');
  if (isJson) return handleCall(parts, call, 'image_edit');
  return uploadCall(parts, call, { operation: 'image_edit', files: IMAGES, inQuery: [], missing: MISSING });
}
