import { describe, expect, it } from 'vitest';
import type { ChatRequest, Tool } from '../../../src/core/request.ts';
import { target, user, write } from './hub.ts';

const flagsOf = (members: Partial<ChatRequest>, model?: string): string | undefined =>
  write(members, target(model)).headers['anthropic-beta'];
const native = (type: string, more: object = {}): Partial<ChatRequest> => {
  const tool: Tool = { type: 'native', dialect: 'anthropic', raw: { type, name: 'x', ...more } };
  return { tools: [tool] };
};

describe('anthropic-beta', () => {
  it.each<[string, Partial<ChatRequest>]>([
    ['computer-use-2024-10-22', native('computer_20241022')],
    ['computer-use-2025-01-24', native('computer_20250124')],
    ['computer-use-2025-11-24', native('computer_20251124')],
    ['code-execution-2025-05-22', native('code_execution_20250522')],
    ['code-execution-2025-08-25', native('code_execution_20250825')],
    ['web-fetch-2025-09-10', native('web_fetch_20250910')],
    ['code-execution-web-tools-2026-02-09', native('web_search_20260209')],
    ['advanced-tool-use-2025-11-20', native('tool_search_tool_regex_20251119')],
    ['advanced-tool-use-2025-11-20', native('custom', { input_schema: {}, input_examples: [{}] })],
    ['context-management-2025-06-27', native('memory_20250818')],
    ['advisor-tool-2026-03-01', native('advisor_20260301')],
    ['context-management-2025-06-27', { others: { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } } }],
    ['context-management-2025-06-27,compact-2026-01-12', { extras: { context_management: { edits: [{ type: 'compact_20260112' }] } } }],
    ['mcp-client-2025-04-04', { extras: { mcp_servers: [] } }],
    ['mcp-client-2025-11-20', { ...native('mcp_toolset'), extras: { mcp_servers: [] } }],
    ['skills-2025-10-02', { extras: { container: { skills: [{ type: 'anthropic', skill_id: 'pptx' }] } } }],
    ['task-budgets-2026-03-13', { extras: { output_config: { task_budget: { type: 'tokens', total: 1 } } } }],
    ['fast-mode-2026-02-01', { extras: { speed: 'fast' } }],
    ['files-api-2025-04-14', { messages: [user({ type: 'media', kind: 'image', source: { type: 'file_id', fileId: 'file_1' } })] }],
  ])('has %s for its feature', (flag, members) => {
    expect(flagsOf(members)).toBe(flag);
  });

  it.each(['web_search_20250305', 'bash_20250124', 'text_editor_20250728'])('is not needed for %s', (type) => {
    expect(flagsOf(native(type))).toBeUndefined();
  });

  it('holds what the client asks for, once, and not in the body', () => {
    const chat = write({
      ...native('computer_20250124'),
      extras: { anthropic_beta: ['context-1m-2025-08-07', 'computer-use-2025-01-24'] },
    });
    expect(chat.headers['anthropic-beta']).toBe('context-1m-2025-08-07,computer-use-2025-01-24');
    expect(chat.body).not.toHaveProperty('anthropic_beta');
    expect(flagsOf({ extras: { betas: 'a, b' } })).toBe('a,b');
  });
});
