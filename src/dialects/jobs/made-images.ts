import type { ImagesAnswer } from '../../core/answer.ts';
import { readImages } from '../openai/images/answer.ts';
import type { JobForm } from './forms.ts';
import { memberAt } from './member-at.ts';

/** What a job made that has ended well. @throws {ProviderError} when that is no image */
export function imagesOfJob({ output }: JobForm, told: unknown): ImagesAnswer {
  return readImages({ images: memberAt(told, output) });
}
