// The presets for schemas and for Relay, as they are but for what the contract decides; test_tools.py lists what else it does.
import graphql from "@graphql-eslint/eslint-plugin";

// Values that belong to one object, or to whoever asks, and are cached with it: they have no id of their own.
const values = [
  "AnswerUse",
  "CallToAction",
  "Change",
  "ChangePage",
  "Citation",
  "Client",
  "ClientLimits",
  "ClientUsage",
  "Contributor",
  "FieldUse",
  "ListItem",
  "MedicalCode",
  "PageInfo",
  "Provenance",
  "Readability",
  "Retraction",
  "Review",
  "RichText",
  "Snippet",
  "Span",
  "Step",
  "Suggestion",
  "TableCell",
  "TableRow",
  "TopicFacet",
];

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: "schema.graphql" } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      "@graphql-eslint/strict-id-in-types": ["error", { exceptions: { types: values, suffixes: ["Connection", "Edge"] } }],
      // Lists that are short by nature (the disclaimers, the blocks of a section) are lists, without pages.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];
