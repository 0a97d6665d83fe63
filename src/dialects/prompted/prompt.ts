import type { Template } from './templates.ts';
import type { Turn } from './turns.ts';

/** The conversation as one text, at whose end the model goes on. A last turn of the assistant is the beginning of its answer. */
export function writePrompt(turns: readonly Turn[], template: Template): string {
  const told = template.system === undefined ? withHead(turns, template) : turns;
  const written = told.map(({ role, text }, at) => {
    const { before, after } = (role === 'system' ? template.system : template[role]) ?? template.user;
    const goesOn = role === 'assistant' && at === told.length - 1;
    return goesOn ? before + text.trimEnd() : before + text + after;
  });
  const end = told.at(-1)?.role === 'assistant' ? '' : template.end;
  return (template.begin ?? '') + written.join('') + end;
}

/** What the system says, at the head of the user's first turn. */
function withHead(turns: readonly Turn[], { head = { before: '', after: '' } }: Template): readonly Turn[] {
  const said = turns.filter(({ role }) => role === 'system').map(({ text }) => text);
  const others = turns.filter(({ role }) => role !== 'system');
  if (said.length === 0) return others;
  const text = head.before + said.join('\n\n') + head.after;
  const [first, ...rest] = others;
  if (first?.role !== 'user') return [{ role: 'user', text: text.trimEnd() }, ...others];
  return [{ role: 'user', text: text + first.text }, ...rest];
}
