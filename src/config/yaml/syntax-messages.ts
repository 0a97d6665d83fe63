import type { ErrorCode } from 'yaml';

/** The YAML library's own texts quote the file, and the file holds secrets: so each code has words of ours. */
const MESSAGES: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias (`*name`) cannot have a tag or an anchor of its own',
  BAD_ALIAS: 'a value that begins with `*` or `&` needs quotes, for example "*"',
  BAD_COLLECTION_TYPE: 'this tag does not fit the map or list that follows',
  BAD_DIRECTIVE: 'a line that begins with `%` is not allowed here',
  BAD_DQ_ESCAPE: 'a backslash in double quotes begins an escape that does not exist; use single quotes, or \\\\ for a backslash',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_PROP_ORDER: 'tag and anchor must stand before the `?`, `:` or `-` of their value',
  BAD_SCALAR_START: 'a value cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second `: ` in the same line; put the value in quotes, or start a new line below it',
  BLOCK_IN_FLOW: 'a block cannot stand inside `[ ]` or `{ }`',
  DUPLICATE_KEY: 'this key stands twice in the same map',
  IMPOSSIBLE: 'cannot be read as YAML',
  KEY_OVER_1024_CHARS: 'a key is longer than 1,024 characters; is a `:` or a quote missing?',
  MISSING_CHAR: 'something is not closed or is missing before this point: a quote, a bracket, a `:` or a space',
  MULTILINE_IMPLICIT_KEY: 'a key must stand in one line; is a `:` missing in the line above?',
  MULTIPLE_ANCHORS: 'a value can have one anchor only',
  MULTIPLE_DOCS: 'a second document begins here (`---`); a configuration is one document',
  MULTIPLE_TAGS: 'a value can have one tag only',
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'is nested too deep',
  TAB_AS_INDENT: 'a tab is used for indentation; YAML allows only spaces there',
  TAG_RESOLVE_FAILED: 'this tag is not supported; `!secret name` is the only one with a meaning here',
  UNEXPECTED_TOKEN: 'this cannot stand here; check quotes, brackets and the indentation around it',
};

/** What is wrong, in words that quote nothing of the file. */
export function syntaxMessage(code: ErrorCode): string {
  return MESSAGES[code] ?? MESSAGES.IMPOSSIBLE;
}
