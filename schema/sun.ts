import type { Sun } from "../datasources/sun.ts";
import { builder } from "./builder.ts";

export const SunType = builder.objectRef<Sun>("Sun").implement({
  description: "One day of the sun at one place.",
  fields: (t) => ({
    sunrise: t.expose("sunrise", {
      type: "DateTime",
      nullable: true,
      description: "When the upper edge of the sun appears; null in polar night and polar day.",
    }),
    sunset: t.expose("sunset", {
      type: "DateTime",
      nullable: true,
      description: "When the upper edge of the sun disappears; null in polar night and polar day.",
    }),
    solarNoon: t.expose("solarNoon", { type: "DateTime", description: "When the sun stands highest." }),
    dayLengthMinutes: t.exposeInt("dayLengthMinutes", {
      description: "From sunrise to sunset: 0 in polar night, 1440 in polar day.",
    }),
  }),
});
