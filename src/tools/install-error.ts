/** A tool could not be installed by one way. `anotherWay`: the cause says nothing against trying the next one. */
export class InstallError extends Error {
  override readonly name = 'InstallError';
  constructor(
    message: string,
    readonly anotherWay: boolean,
  ) {
    super(message);
  }
}
