/** Keys that stand in examples on the Internet. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'sk-1234',
  'sk-12345',
  'sk-123456',
  'sk-master',
  'sk-test',
  'sk-admin',
  'sk-changeme',
  'sk-change-me',
  'sk-change-this-master-key',
  'sk-your-master-key',
  'sk-litellm',
  'sk-litellm-master-key',
  'your-master-key',
  'change-this-random-salt',
  'changeme',
  'password',
]);

const MIN_CHARACTERS = 20;

export interface Weakness {
  /** For log and panel; names the key's kind, never the key. */
  readonly message: string;
  /** The key is in every attacker's list. */
  readonly wellKnown: boolean;
}

/** What is wrong with a master or salt key that a person chose; null when nothing is. */
export function weakness(kind: 'master' | 'salt', key: string): Weakness | null {
  const variable = kind === 'master' ? 'LITELLM_MASTER_KEY' : 'LITELLM_SALT_KEY';
  if (WELL_KNOWN.has(key.toLowerCase())) {
    return {
      wellKnown: true,
      message: `The ${kind} key is an example that everybody knows; set ${variable} to a random one, or leave it out to have one made.`,
    };
  }
  if (key.length < MIN_CHARACTERS) {
    return {
      wellKnown: false,
      message: `The ${kind} key is shorter than ${MIN_CHARACTERS} characters and can be guessed; a random one is better.`,
    };
  }
  if (kind === 'master' && !key.startsWith('sk-')) {
    return { wellKnown: false, message: 'The master key does not begin with `sk-`; some clients refuse such keys.' };
  }
  return null;
}
