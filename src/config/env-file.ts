import { systemReason } from '../system-reason.ts';

/** Node reads these before a file can be read, so that in one they would have no effect: a CA would not be trusted. */
const READ_BY_NODE = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_USE_SYSTEM_CA'] as const;

/**
 * Adds the variables of a `.env` file to the environment, which wins: a variable that is set stays as it is. The file is
 * `.env` in the working directory, or the one that ENV_FILE names; with an empty ENV_FILE none is read.
 *
 * @returns a sentence for the operator when the file cannot be read, or has a variable that would have no effect
 */
export function loadEnvFile(): string | undefined {
  const path = process.env.ENV_FILE ?? '.env';
  if (path === '') return undefined;
  const unset = READ_BY_NODE.filter((name) => process.env[name] === undefined);
  try {
    process.loadEnvFile(path);
    const late = unset.filter((name) => process.env[name] !== undefined);
    return late.length === 0
      ? undefined
      : `Node reads ${late.join(', ')} before the file ${path}: set that in the environment instead.`;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && process.env.ENV_FILE === undefined) return undefined;
    return `The file ${path} cannot be read (${systemReason(error)}): ${process.env.ENV_FILE === undefined ? 'let this process read it, or set an empty ENV_FILE' : 'correct ENV_FILE'}.`;
  }
}
