import type { CodegenConfig } from "@graphql-codegen/cli";

const scalars = { CalendarDate: "string", DateTime: "string", LanguageTag: "string", WebURL: "string" };

const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: "*.graphql",
  config: { scalars, strictScalars: true },
  generates: {
    "types.ts": { plugins: ["typescript", "typescript-operations"] },
    "client/": { preset: "client", presetConfig: { persistedDocuments: true } },
  },
};
export default config;
