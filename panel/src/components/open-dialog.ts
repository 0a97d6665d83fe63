/**
 * Shows an element that is a dialog until it fires `gw-done`; `null` stands for closed without a result.
 *
 *     const made = await openDialog<NewKey>(Object.assign(document.createElement('gw-key-dialog'), { session }));
 */
export function openDialog<Result>(dialog: HTMLElement): Promise<Result | null> {
  const { promise, resolve } = Promise.withResolvers<Result | null>();
  dialog.addEventListener('gw-done', (event) => {
    event.stopPropagation();
    dialog.remove();
    resolve((event as CustomEvent<Result | null>).detail);
  });
  document.body.append(dialog);
  return promise;
}

/** Ends a dialog that `openDialog` shows. */
export function done(dialog: HTMLElement, result: unknown = null): void {
  dialog.dispatchEvent(new CustomEvent('gw-done', { detail: result }));
}
