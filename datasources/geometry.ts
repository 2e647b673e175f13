/** A place on the earth in degrees, north and east positive. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** The mean radius of the earth (IUGG), the sphere that distances are measured on: within 0.6 % of the ellipsoid. */
const earthRadiusKm = 6371.0088;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The place as a point on the unit sphere, where nearness needs no rule for the date line or the poles. */
export function unitVector({ latitude, longitude }: Place): { x: number; y: number; z: number } {
  const [phi, lambda] = [radians(latitude), radians(longitude)];
  return { x: Math.cos(phi) * Math.cos(lambda), y: Math.cos(phi) * Math.sin(lambda), z: Math.sin(phi) };
}

/** The straight line through the unit sphere between places this far apart along it. At most 2, the diameter. */
export const chordOf = (distanceKm: number): number => 2 * Math.sin(Math.min(distanceKm / earthRadiusKm, Math.PI) / 2);

/** Great-circle distance, by the haversine formula. */
export function distanceKm(from: Place, to: Place): number {
  const [phi1, phi2] = [radians(from.latitude), radians(to.latitude)];
  const sinPhi = Math.sin((phi2 - phi1) / 2);
  const sinLambda = Math.sin(radians(to.longitude - from.longitude) / 2);
  const h = sinPhi * sinPhi + Math.cos(phi1) * Math.cos(phi2) * sinLambda * sinLambda;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)));
}
