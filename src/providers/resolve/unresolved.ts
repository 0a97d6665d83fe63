/** A row of `model_list` that cannot be called. The message is one plain sentence for the row's owner; it holds no secret. */
export class UnresolvedDeployment extends Error {
  override readonly name = 'UnresolvedDeployment';
}
