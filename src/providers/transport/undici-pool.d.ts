/** The pool alone: the package's index also loads `fetch`, WebSocket and caches, some 9 MB that nobody uses here. */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';

  export default Pool;
}
