/** Ports at which the servers listen when nobody chose another: Ollama, LM Studio, llama.cpp and LocalAI, vLLM, Jan, SGLang, KoboldCpp. */
const PORTS = [11434, 1234, 8080, 8000, 1337, 30000, 5001];

/** Where servers are looked for on the machine itself. */
export function usualAddresses(hosts: readonly string[]): string[] {
  return hosts.flatMap((host) => PORTS.map((port) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`));
}

/**
 * An address as its owner wrote it, made one to ask: `192.168.1.20:11434` and `http://192.168.1.20:11434/v1/` are
 * `http://192.168.1.20:11434`. Null when it is no http(s) address.
 */
export function serverAddress(text: string): string | null {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '' || url.username !== '') return null;
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/(?:v1|api)$/, '');
}

/** The same place however it is written: names of this machine are one. */
export function placeOf(address: string): string {
  const url = URL.parse(address);
  if (!url) return address;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const here = host === 'localhost' || host === '::1' || host === '0.0.0.0' || host.startsWith('127.');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return `${here ? 'localhost' : host}:${port}${url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')}`;
}
