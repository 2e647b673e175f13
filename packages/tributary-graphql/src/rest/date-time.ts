const dateTime = /^\d{4}-(\d\d)-(\d\d)t([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/**
 * Whether a text is a date-time of RFC 3339, with its time zone: also `2016-12-31T23:59:60Z`, a leap second, and
 * `2026-01-02t03:04:05z`.
 */
export function isDateTime(text: string): boolean {
  const [, month, day] = dateTime.exec(text) ?? [];
  return month !== undefined && Number(day) >= 1 && Number(day) <= daysIn(Number(text.slice(0, 4)), Number(month));
}

/** 0 for an invalid month. */
function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}
