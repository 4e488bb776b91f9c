/** CLIENTS_FILE cannot be applied. Each problem names its file and line; none quotes a secret. */
export class ClientsFileError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ClientsFileError';
    this.problems = problems;
  }
}
