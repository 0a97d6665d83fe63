import { printed } from '../../core/json-object.ts';
import type { RerankDocument, RerankRequest } from './request.ts';

/**
 * The documents as texts, for providers that take nothing else. An object is ranked by the members that the client names, by its
 * `text` where it has one, else by all it holds, a line for each member.
 */
export function textsOf({ documents, rankFields }: Pick<RerankRequest, 'documents' | 'rankFields'>): string[] {
  return documents.map((document) => textOf(document, rankFields));
}

function textOf(document: RerankDocument, fields: readonly string[] | undefined): string {
  if (typeof document === 'string') return document;
  if (fields === undefined && typeof document['text'] === 'string') return document['text'];
  const told = Object.entries(document).filter(([name, value]) => value !== null && (fields === undefined || fields.includes(name)));
  const [only] = told;
  if (told.length === 1 && only) return printed(only[1]);
  return told.map(([name, value]) => `${name}: ${printed(value)}`).join('\n');
}
