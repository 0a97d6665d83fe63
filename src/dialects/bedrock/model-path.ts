/** Path of an operation of a model: an id, an inference profile or an ARN, whose `:` and `/` are encoded. */
export function modelPath(model: string, operation: string): string {
  return `/model/${encodeURIComponent(model)}/${operation}`;
}
