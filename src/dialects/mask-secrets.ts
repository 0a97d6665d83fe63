/**
 * The text with everything that looks like a credential replaced by `***`: provider keys, bearer tokens, `key=` values of
 * URLs and JSON, cloud access keys. A few leading characters stay, so that an operator can tell which key it was.
 */
export function maskSecrets(text: string): string {
  return PATTERNS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b((?:bearer|basic)\s+)[\w.~+/=*-]{8,}/gi, '$1***'],
  [/\b(x-api-key|api[-_]?key|apikey|access[-_]?token|client[-_]?secret|password)(["']?\s*[:=]\s*["']?)[^\s"'&,;}]{4,}/gi, '$1$2***'],
  [/([?&](?:key|token|sig|signature)=)[^\s"'&]+/gi, '$1***'],
  [/\b(sk|pk|rk)-[\w*.-]{8,}/g, '$1-***'],
  [/\b(gsk|hf|ghp|gho|ghs|github_pat|r8|fw|csk|tgp_v1|pplx|xai|nvapi|jina|voy|pa)([_-])[A-Za-z0-9_-]{16,}/g, '$1$2***'],
  [/\bAIza[\w-]{20,}/g, 'AIza***'],
  [/\b(AKIA|ASIA)[A-Z0-9]{12,}/g, '$1***'],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, 'eyJ***'],
];
