/** Where a model of Workers AI is asked in its own words, beside the surface of OpenAI's shape: `.../ai/run/@cf/openai/whisper`. */
export function runPath(model: string): string {
  return `/../run/${model.split('/').map(encodeURIComponent).join('/').replaceAll('%40', '@')}`;
}
