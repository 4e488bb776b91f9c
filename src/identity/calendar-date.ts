/**
 * `YYYY-MM-DD`, or `undefined` if the Gregorian calendar does not have this day.
 *
 * @param month 1–12
 */
export function calendarDate(year: number, month: number, day: number): string | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return undefined;
  return [String(year).padStart(4, '0'), twoDigits(month), twoDigits(day)].join('-');
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
