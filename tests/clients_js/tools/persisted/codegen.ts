import type { CodegenConfig } from "@graphql-codegen/cli";

const presetConfig = (hashAlgorithm: "sha1" | "sha256") => ({ persistedDocuments: { hashAlgorithm } });

const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: "*.graphql",
  generates: {
    "sha1/": { preset: "client", presetConfig: presetConfig("sha1") },
    "sha256/": { preset: "client", presetConfig: presetConfig("sha256") },
  },
};
export default config;
