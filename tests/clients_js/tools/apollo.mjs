// Reads with Apollo Client's normalised cache as an application does: the operations of the files given, then what became
// of them after something was changed on the server (a line on standard input says so). Prints what it found, as JSON.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";

import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { loadDevMessages, loadErrorMessages } from "@apollo/client/dev";
import { buildSchema } from "graphql";

const [url, slug, other, schemaFile, ...files] = process.argv.slice(2);
const complaints = [];
for (const level of ["warn", "error"]) console[level] = (...words) => complaints.push(words.map(String).join(" "));
loadDevMessages();
loadErrorMessages();

const schema = buildSchema(readFileSync(schemaFile, "utf8"));
const possibleTypes = Object.fromEntries(
  ["Node", "Block"].map((name) => [name, schema.getPossibleTypes(schema.getType(name)).map((type) => type.name)]),
);
// Apollo wants to be told of lists that may become shorter, whoever serves them, even where their items have ids.
const replaced = { merge: false };
const typePolicies = {
  Answer: { fields: { sections: replaced, disclaimers: replaced, sources: replaced, followUpQuestions: replaced } },
  Section: { fields: { blocks: replaced, disclaimers: replaced } },
};
const cache = new InMemoryCache({ possibleTypes, typePolicies });
const client = new ApolloClient({ cache, link: new HttpLink({ uri: url }) });
const documents = files.map((file) => gql(readFileSync(file, "utf8")));
const SECTION = gql`
  query Section($id: ID!) {
    node(id: $id) {
      id
      ... on Section {
        disclaimers { id kind text }
        blocks { id text }
        body { id text }
      }
    }
  }
`;

async function ask(query, variables, fetchPolicy = "network-only") {
  const { data } = await client.query({ query, variables, fetchPolicy });
  return data;
}

async function askAll() {
  for (const each of [slug, other]) for (const query of documents) await ask(query, { slug: each });
}

const [, screen] = documents;
const sectionsOf = (data) => data.answer.sections.length;
const kindsOf = (data) => data.disclaimers.map((disclaimer) => disclaimer.kind ?? disclaimer.id);

await askAll();
const kept = await ask(screen, { slug }, "cache-only");
const [{ id }] = kept.answer.sections;
const section = await ask(SECTION, { id });
const before = { sections: sectionsOf(kept), blocks: section.node.blocks.length };
const entities = Object.keys(cache.extract()).length;
await askAll();
const again = Object.keys(cache.extract()).length;

console.log("ready");
await createInterface({ input: process.stdin }).question("");
await ask(screen, { slug });
await ask(SECTION, { id });
const alone = await ask(SECTION, { id }, "cache-only");
const after = {
  sections: sectionsOf(await ask(screen, { slug }, "cache-only")),
  blocks: alone.node.blocks.length,
  first: kindsOf(alone.node)[0],
  others: sectionsOf(await ask(screen, { slug: other }, "cache-only")) > 0,
};
console.log(JSON.stringify({ complaints, isSameAgain: entities === again, before, after }));
process.exit(0);
