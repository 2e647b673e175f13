import type { Sun } from "../datasources/sun.ts";
import { builder } from "./builder.ts";

export const SunType = builder.objectRef<Sun>("Sun").implement({
  description: "Sunrise, sunset and day length at one location on one day.",
  fields: (t) => ({
    sunrise: t.expose("sunrise", {
      type: "DateTime",
      nullable: true,
      description: "Time of sunrise; null in polar night and polar day.",
    }),
    sunset: t.expose("sunset", {
      type: "DateTime",
      nullable: true,
      description: "Time of sunset; null in polar night and polar day.",
    }),
    solarNoon: t.expose("solarNoon", { type: "DateTime", description: "Time at which the sun is highest." }),
    dayLengthMinutes: t.exposeInt("dayLengthMinutes", {
      description: "Minutes from sunrise to sunset: 0 in polar night, 1440 in polar day.",
    }),
  }),
});
