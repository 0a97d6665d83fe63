/** Stands in a path for what the provider must be asked for, which is the `place` of a proof. */
export const PLACE = ':deployment';
