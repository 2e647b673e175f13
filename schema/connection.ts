import { connectionTypes } from "tributary-graphql/pothos";
import { builder } from "./builder.ts";

export type ArgumentBuilder = Parameters<typeof connectionArguments>[0];

export const { connectionType, connectionArguments } = connectionTypes(builder);
