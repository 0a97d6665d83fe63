import { apiRoot } from './client.ts';

/** Port of the gateway: under ingress the page stands at Home Assistant's address instead of the gateway's. */
let port = 4000;

/** Takes over what the server says. @param told null: the gateway is not reached from the network */
export function useGatewayPort(told: number | null | undefined): void {
  if (told) port = told;
}

/** Where programs reach the gateway: `http://homeassistant.local:4000`. Without a slash at its end. */
export function gatewayAddress(): string {
  const root = apiRoot();
  if (root.pathname.includes('/api/hassio_ingress/')) return `http://${root.hostname}:${port}`;
  return root.href.replace(/\/+$/, '');
}
