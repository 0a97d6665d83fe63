/** Where this room reports to the operator. A pino logger is one. */
export interface StoreLog {
  info(message: string): void;
  warn(message: string): void;
}
