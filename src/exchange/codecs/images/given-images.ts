import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';
import type { FormField } from '../../../dialects/framing/multipart.ts';
import { baseName } from '../../../dialects/openai/audio/form-fields.ts';
import type { GivenImages } from '../../../dialects/openai/images/request.ts';
import { isGatewayMember } from '../../../dialects/openai/members.ts';
import { sniffMediaType } from '../../../providers/media/sniff.ts';
import type { Upload } from '../../upload.ts';

/** Images of a form and what the fields behind them say to the provider, once all of it is here. */
export interface TakenForm extends GivenImages {
  readonly members: JsonObject;
}

/** Takes a form whose images its provider wants inside JSON. @throws when its client breaks it off */
export async function takenForm(upload: Upload): Promise<TakenForm> {
  const images: MediaPart[] = [];
  let mask: MediaPart | undefined;
  for (let file: Upload | null = upload; file !== null; file = await file.next()) {
    const image = await imageIn(file);
    if (file.field.startsWith('mask')) mask = image;
    else images.push(image);
  }
  await upload.end();
  return {
    images,
    ...(mask === undefined ? {} : { mask }),
    members: Object.fromEntries((upload.fieldsBehind ?? []).filter(isForProvider)),
  };
}

function isForProvider([name]: FormField): boolean {
  return name !== 'model' && !isGatewayMember(baseName(name));
}

async function imageIn(file: Upload): Promise<MediaPart> {
  const pieces: Buffer[] = [];
  for (let index = 0; ; index++) {
    const piece = await file.piece(index);
    if (piece === null) break;
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  return {
    type: 'media',
    kind: 'image',
    source: { type: 'data', data: bytes.toString('base64') },
    mediaType: sniffMediaType(bytes) ?? file.contentType,
  };
}

/** How many images are known to come along; at least one. */
export function countOf(upload: Upload): number {
  return Math.max(1, upload.known);
}
