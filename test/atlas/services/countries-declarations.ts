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

/** Like the reader in `datasources/country.ts`. */
export const countriesByCode = declare("cca2", 150);

/** More keys than the service supports per call. */
export const tooManyKeys = declare("cca2", 1500);

/** With a parameter that the service ignores. */
export const unknownParameter = declare("code", 150);
