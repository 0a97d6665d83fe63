/** Official clients in Python, for {@link ensurePython}: tests and the README's example call the gateway with them. */
export const OPENAI_PYTHON = ['openai==2.45.0'] as const;
export const ANTHROPIC_PYTHON = ['anthropic==2.14.0'] as const;
