import type { Route } from '../../core/route.ts';
import { configChangeRoutes } from './changes.ts';
import type { ConfigRouteParts } from './parts.ts';
import { configReadRoutes } from './reading.ts';

/** `/config/*`, `/router/*` and what shows settings (control-plane 13.5, 13.6). */
export function configRoutes(parts: ConfigRouteParts): Route[] {
  return [...configChangeRoutes(parts), ...configReadRoutes(parts)];
}
