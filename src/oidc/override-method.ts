type Method = (...args: never[]) => unknown;

/**
 * Overrides a method of one of oidc-provider's classes.
 *
 * @param override gets the object, its original method, and the arguments
 */
export function overrideMethod<T extends object, Name extends keyof T>(
  prototype: T,
  name: Name,
  override: (
    self: T,
    original: T[Name],
    ...args: Parameters<Extract<T[Name], Method>>
  ) => ReturnType<Extract<T[Name], Method>>,
): void {
  const original = prototype[name] as Extract<T[Name], Method>;
  prototype[name] = function (this: T, ...args: Parameters<Extract<T[Name], Method>>) {
    return override(this, original.bind(this) as T[Name], ...args);
  } as T[Name];
}
