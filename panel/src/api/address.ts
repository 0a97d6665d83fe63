import { apiRoot } from './client.ts';

/** Port of the gateway when the page does not tell: under ingress it stands at Home Assistant's address instead of its own. */
const PORT = 4000;

/** Where programs reach the gateway: `http://homeassistant.local:4000`. Without a slash at its end. */
export function gatewayAddress(): string {
  const root = apiRoot();
  if (root.pathname.includes('/api/hassio_ingress/')) return `http://${root.hostname}:${PORT}`;
  return root.href.replace(/\/+$/, '');
}
