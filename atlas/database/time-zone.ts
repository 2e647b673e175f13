/**
 * Corrects the time zone of a lookup by coordinates, which is imprecise at borders: it has American Samoa in the zone of
 * Samoa, a day ahead. In a country with one zone the result is that zone, except if both have the same local time and
 * only the name differs (Asia/Kolkata, Asia/Calcutta).
 */
export function timeZoneIn(countryCode: string, lookedUp: string): string {
  const [only, ...others] = zonesOf(countryCode);
  if (only === undefined || others.length > 0 || only === lookedUp) return lookedUp;
  return clockOf(only) === clockOf(lookedUp) ? lookedUp : only;
}

const zones = new Map<string, readonly string[]>();

/** The IANA zones of a country, from the Unicode data. */
function zonesOf(countryCode: string): readonly string[] {
  let cached = zones.get(countryCode);
  if (cached === undefined) {
    cached = new Intl.Locale(`und-${countryCode}`).getTimeZones?.() ?? [];
    zones.set(countryCode, cached);
  }
  return cached;
}

const clocks = new Map<string, string>();
const instants = [new Date("2026-01-01T00:00:00Z"), new Date("2026-07-01T00:00:00Z")];

/** The local times at one instant in winter and one in summer, for comparison. */
function clockOf(timeZone: string): string {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    const format = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" });
    clock = instants.map((instant) => format.format(instant)).join(" ");
    clocks.set(timeZone, clock);
  }
  return clock;
}
