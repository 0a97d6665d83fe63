import { BadRequestError } from '../core/errors.ts';
import type { Route, RouteCall, RouteShapes } from '../core/route.ts';

export interface StoredRouteParts {
  /** `store_model_in_db` */
  readonly storing: () => boolean;
  /** Throws until the database was read. */
  readonly ready: () => void;
}

/** Makes routes of the administrator over what stands in the database. Changes need `store_model_in_db`; reading does not. */
export function storedRoutes({ storing, ready }: StoredRouteParts) {
  return (
    method: Route['method'],
    path: string,
    summary: string,
    shapes: RouteShapes,
    handle: (call: RouteCall) => Promise<void> | void,
  ): Route => ({
    method,
    paths: [path],
    rights: 'admin',
    summary,
    shapes,
    group: 'management_routes',
    surface: 'control',
    handle: (call) => {
      ready();
      if (method !== 'GET' && !storing())
        throw new BadRequestError(
          'Models and credentials are not stored in the database: set `store_model_in_db: true` in general_settings, or STORE_MODEL_IN_DB=True.',
        );
      return handle(call);
    },
  });
}
