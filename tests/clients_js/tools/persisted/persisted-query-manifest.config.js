// What Apollo's generator collects: the operations beside the schema.
export default { documents: ["*.graphql", "!schema.graphql"], output: "persisted-query-manifest.json" };
