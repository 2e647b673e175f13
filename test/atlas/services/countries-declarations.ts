import { path, type RestKey, repeated } from "tributary-graphql/rest";
import { z } from "zod";

const country = z.object({ cca2: z.string() });

const declare = (parameter: string, maxKeys: number) => ({
  call: "countriesByCode",
  path: "/countries",
  keys: repeated(parameter),
  body: z.array(country),
  keyOf: ({ cca2 }: z.infer<typeof country>) => cca2,
  maxKeys,
  single: { path: (key: RestKey) => path`/countries/${key}`, body: country },
});

/** As `datasources/country.ts` asks for them. */
export const countriesByCode = declare("cca2", 150);

/** More keys than the service answers in one call. */
export const tooManyAtOnce = declare("cca2", 1500);

/** By a parameter that the service does not know. */
export const wrongParameter = declare("code", 150);
