import type { AppConfig } from "tributary-graphql";

export default {
  schema: async () => (await import("./schema.ts")).schema,
} satisfies AppConfig;
