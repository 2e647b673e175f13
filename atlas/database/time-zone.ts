/**
 * The time zone of a place that the look-up by coordinates puts into this one. The look-up is coarse at borders: it has
 * American Samoa a day ahead, in Samoa's zone. A country with one zone is in it everywhere, so there the country decides,
 * unless both clocks always agree and only the name differs (Asia/Kolkata, Asia/Calcutta).
 */
export function timeZoneIn(countryCode: string, lookedUp: string): string {
  const [only, ...others] = zonesOf(countryCode);
  if (only === undefined || others.length > 0 || only === lookedUp) return lookedUp;
  return clockOf(only) === clockOf(lookedUp) ? lookedUp : only;
}

const zones = new Map<string, readonly string[]>();

/** The IANA zones of a country, by Unicode's data. */
function zonesOf(countryCode: string): readonly string[] {
  let found = zones.get(countryCode);
  if (found === undefined) {
    found = new Intl.Locale(`und-${countryCode}`).getTimeZones?.() ?? [];
    zones.set(countryCode, found);
  }
  return found;
}

const clocks = new Map<string, string>();
const instants = [new Date("2026-01-01T00:00:00Z"), new Date("2026-07-01T00:00:00Z")];

/** The local times in winter and in summer. */
function clockOf(timeZone: string): string {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    const format = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" });
    clock = instants.map((instant) => format.format(instant)).join(" ");
    clocks.set(timeZone, clock);
  }
  return clock;
}
