const timePattern =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d){0,2})?)?( BC)?$/;

/** Whether a text is a valid date, or date and time, in a format of the databases. */
export function isTime(text: string, type: "timestamp" | "date"): boolean {
  if (text === "infinity" || text === "-infinity") return true;
  const [, year, month, day, hour, minute, second, beforeChrist] = timePattern.exec(text) ?? [];
  if (year === undefined || (type === "date" && hour !== undefined)) return false;
  if (Number(year) > (beforeChrist === undefined ? 294_275 : 4_712)) return false;
  const isDay = Number(day) >= 1 && Number(day) <= daysInMonth(Number(year), Number(month), beforeChrist !== undefined);
  return isDay && Number(hour ?? 0) < 24 && Number(minute ?? 0) < 60 && Number(second ?? 0) < 60;
}

/** The number of days; 0 for an invalid month. The year before year 1 is 1 BC, a leap year. */
function daysInMonth(year: number, month: number, isBeforeChrist: boolean): number {
  const astronomical = isBeforeChrist ? 1 - year : year;
  const isLeap = astronomical % 4 === 0 && (astronomical % 100 !== 0 || astronomical % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
