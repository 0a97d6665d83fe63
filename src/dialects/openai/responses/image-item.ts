import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';
import { OutputItem } from './output-item.ts';

/** A picture that the model made, told whole. */
export class ImageItem extends OutputItem {
  readonly #result: string;
  readonly #format: string;

  constructor(id: string, data: string, { mediaType, signature }: MediaPart) {
    super({ id, type: 'image_generation_call', status: 'in_progress', result: null });
    this.#result = data;
    this.#format = mediaType?.replace('image/', '') ?? 'png';
    if (signature !== undefined) this.carry({ type: 'native', dialect: 'gemini', raw: { thought_signature: signature } });
  }

  protected override members(): JsonObject {
    return { result: this.#result, output_format: this.#format };
  }

  protected override close(): void {
    this.tell({ type: 'response.image_generation_call.completed' });
  }
}
