/**
 * The network by which a client is counted. An IPv6 client usually has a network of 64 bits: its addresses are one client.
 * An IPv4 address in IPv6 form (`::ffff:192.0.2.1`, RFC 4291, 2.5.5.2) is the IPv4 address.
 *
 * @example clientNetwork("2001:DB8::1") // "2001:db8:0:0"
 */
export function clientNetwork(address: string): string {
  if (!address.includes(":")) return address;
  if (address.includes(".")) return address.slice(address.lastIndexOf(":") + 1);
  const [head = "", tail] = withoutZone(address).toLowerCase().split("::");
  const first = groupsOf(head);
  const last = groupsOf(tail ?? "");
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0");
  const groups = [...first, ...zeros, ...last];
  return isMappedIpv4(groups) ? ipv4Of(groups) : groups.slice(0, 4).join(":");
}

/** `fe80::1%eth0` names the interface of this machine too. */
const withoutZone = (address: string): string => address.split("%", 1)[0] ?? "";

const groupsOf = (text: string): string[] =>
  text === "" ? [] : text.split(":").map((group) => group.replace(/^0+(?=.)/, ""));

const isMappedIpv4 = (groups: readonly string[]): boolean =>
  groups[5] === "ffff" && groups.slice(0, 5).every((group) => group === "0");

function ipv4Of(groups: readonly string[]): string {
  const bytes = groups.slice(6).flatMap((group) => {
    const bits = Number.parseInt(group, 16);
    return [bits >> 8, bits & 255];
  });
  return bytes.join(".");
}
