/** A location in degrees, north and east positive. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Mean radius of the earth (IUGG). Distances on this sphere are within 0.6 % of those on the ellipsoid. */
const earthRadiusKm = 6371.0088;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** A location as a unit vector: distances need no special case for the date line and the poles. */
export function unitVector({ latitude, longitude }: Coordinates): { x: number; y: number; z: number } {
  const [phi, lambda] = [radians(latitude), radians(longitude)];
  return { x: Math.cos(phi) * Math.cos(lambda), y: Math.cos(phi) * Math.sin(lambda), z: Math.sin(phi) };
}

/** Chord length on the unit sphere for a great-circle distance. At most 2, the diameter. */
export const chordLength = (distanceKm: number): number =>
  2 * Math.sin(Math.min(distanceKm / earthRadiusKm, Math.PI) / 2);

/** Great-circle distance by the haversine formula. */
export function distanceKm(from: Coordinates, to: Coordinates): number {
  const [phi1, phi2] = [radians(from.latitude), radians(to.latitude)];
  const sinPhi = Math.sin((phi2 - phi1) / 2);
  const sinLambda = Math.sin(radians(to.longitude - from.longitude) / 2);
  const h = sinPhi * sinPhi + Math.cos(phi1) * Math.cos(phi2) * sinLambda * sinLambda;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)));
}
