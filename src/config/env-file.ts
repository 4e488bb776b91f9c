import { systemReason } from '../system-reason.ts';

/**
 * Adds the variables of a `.env` file to the environment, which wins: a variable that is set stays as it is. The file is
 * `.env` in the working directory, or the one that ENV_FILE names; with an empty ENV_FILE none is read.
 *
 * @returns a sentence for the operator when the file cannot be read
 */
export function loadEnvFile(): string | undefined {
  const path = process.env.ENV_FILE ?? '.env';
  if (path === '') return undefined;
  try {
    process.loadEnvFile(path);
    return undefined;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && process.env.ENV_FILE === undefined) return undefined;
    return `The file ${path} cannot be read (${systemReason(error)}): ${process.env.ENV_FILE === undefined ? 'let this process read it, or set an empty ENV_FILE' : 'correct ENV_FILE'}.`;
  }
}
