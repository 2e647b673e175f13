/** The parts of an interval, each with its sign. PostgreSQL does not normalize them. */
interface Parts {
  years: string;
  months: string;
  days: string;
  hours: string;
  minutes: string;
  seconds: string;
}

const noParts: Parts = { years: "", months: "", days: "", hours: "", minutes: "", seconds: "" };

/**
 * Converts an interval of PostgreSQL to an ISO 8601 duration, exact to the microsecond: `P1Y2M3DT4H5M6.789S`, with a sign
 * per negative part. Accepts the format of every `IntervalStyle`.
 *
 * @throws Error for an invalid interval
 */
export function isoDuration(text: string): string {
  if (text.startsWith("P") || text.endsWith("infinity")) return text;
  const parts = text.startsWith("@") ? verboseParts(text) : (standardParts(text) ?? postgresParts(text));
  if (parts === undefined || text === "")
    throw new Error(`Expected an interval of PostgreSQL, got ${JSON.stringify(text)}.`);
  return format(parts);
}

function format({ years, months, days, hours, minutes, seconds }: Parts): string {
  const date = `${part(years, "Y")}${part(months, "M")}${part(days, "D")}`;
  const time = `${part(hours, "H")}${part(minutes, "M")}${part(seconds, "S")}`;
  if (date === "" && time === "") return "PT0S";
  return `P${date}${time === "" ? "" : `T${time}`}`;
}

/** Without leading zeros; empty for zero. */
function part(digits: string, unit: string): string {
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(digits) ?? [];
  if (whole === "" && fraction === "") return "";
  return `${sign === "-" ? "-" : ""}${whole || "0"}${fraction === "" ? "" : `.${fraction}`}${unit}`;
}

/** `1 year -2 mons +3 days -04:05:06.789` */
function postgresParts(text: string): Parts | undefined {
  const pattern =
    /^(?:(?<years>[+-]?\d+) years? ?)?(?:(?<months>[+-]?\d+) mons? ?)?(?:(?<days>[+-]?\d+) days? ?)?(?:(?<sign>[+-]?)(?<hours>\d+):(?<minutes>\d\d):(?<seconds>\d\d(?:\.\d+)?))?$/;
  const groups = pattern.exec(text)?.groups;
  return groups === undefined ? undefined : withSign(groups);
}

/** `@ 1 year -2 mons 3 days 4 hours 5 mins 6.789 secs ago`, in which `ago` negates each part. */
function verboseParts(text: string): Parts | undefined {
  const pattern =
    /^@ (?:0|(?:(?<years>-?\d+) years? ?)?(?:(?<months>-?\d+) mons? ?)?(?:(?<days>-?\d+) days? ?)?(?:(?<hours>-?\d+) hours? ?)?(?:(?<minutes>-?\d+) mins? ?)?(?:(?<seconds>-?[\d.]+) secs? ?)?)(?<ago>ago)?$/;
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const parts = { ...noParts, ...defined(groups) };
  return groups.ago === undefined ? parts : mapParts(parts, negated);
}

/** `1-2`, `-3 4:05:06` or, with mixed signs, `+1-2 -3 +4:05:06`: a sign applies to the following parts without a sign. */
function standardParts(text: string): Parts | undefined {
  if (text === "0") return noParts;
  const pattern =
    /^(?:(?<yearSign>[+-]?)(?<years>\d+)-(?<months>\d+))?(?:(?:^| )(?<daySign>[+-]?)(?<days>\d+)(?= ))?(?:(?:^| )(?<timeSign>[+-]?)(?<hours>\d+):(?<minutes>\d\d):(?<seconds>\d\d(?:\.\d+)?))?$/;
  const groups = pattern.exec(text)?.groups;
  // A time alone has the same meaning in the style `postgres`.
  if (groups === undefined) return undefined;
  const { yearSign = "", daySign = "", timeSign = "", years = "", months = "", days = "" } = groups;
  const timeOfDay = withSign({ ...groups, sign: timeSign || (days === "" ? "" : daySign) });
  return { ...timeOfDay, years: `${yearSign}${years}`, months: `${yearSign}${months}`, days: `${daySign}${days}` };
}

/** The sign of a time applies to its hours, minutes and seconds. */
function withSign(groups: Readonly<Record<string, string | undefined>>): Parts {
  const { sign = "", hours = "", minutes = "", seconds = "", years = "", months = "", days = "" } = groups;
  return {
    years,
    months,
    days,
    hours: `${sign}${hours}`,
    minutes: `${sign}${minutes}`,
    seconds: `${sign}${seconds}`,
  };
}

const negated = (digits: string): string =>
  digits.startsWith("-") ? digits.slice(1) : digits === "" ? "" : `-${digits}`;

const mapParts = (parts: Parts, change: (digits: string) => string): Parts => ({
  years: change(parts.years),
  months: change(parts.months),
  days: change(parts.days),
  hours: change(parts.hours),
  minutes: change(parts.minutes),
  seconds: change(parts.seconds),
});

const defined = (groups: Readonly<Record<string, string | undefined>>): Partial<Parts> =>
  Object.fromEntries(Object.entries(groups).filter(([, digits]) => digits !== undefined));
