import { timingSafeEqual } from 'node:crypto';

/** Compares secrets in constant time, as UTF-8. The lengths may leak: they are not secret. */
export function equalInConstantTime(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, 'utf8'), Buffer.from(other, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}
