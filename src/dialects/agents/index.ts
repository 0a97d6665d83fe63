import type { OutwardDialect } from '../../core/dialect.ts';
import { createA2a } from './a2a.ts';
import { coze } from './coze.ts';
import { dify } from './dify.ts';
import { createLangflow } from './langflow.ts';
import { langgraph } from './langgraph.ts';

export type AgentDialect = 'a2a' | 'coze' | 'dify' | 'langflow' | 'langgraph';

/**
 * Agents as models: they take a conversation and give a text, and decide for themselves which model, which tools and how. What of a
 * conversation goes where is told in docs/decisions/0010-agents-as-models.md.
 *
 * @param newId a name that nobody else has, anew with each call
 */
export function createAgents(newId: () => string): Readonly<Record<AgentDialect, OutwardDialect>> {
  return { a2a: createA2a(newId), coze, dify, langflow: createLangflow(newId), langgraph };
}
