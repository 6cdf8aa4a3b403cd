// Asks an operation by its hash as applications do, with Apollo Client or urql, their keys in the header. Prints, as JSON, what
// each request was (its method, and whether it held a text) and what came of the operation.
//   node clients.mjs apollo|urql <url> <key> <slug> [manifest]
// With a manifest of Apollo's the operation is one of a trusted manifest, otherwise its hash is made when it is asked.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { generatePersistedQueryIdsFromManifest } from "@apollo/persisted-query-lists";
import { Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";

const [kind, url, key, slug, manifestFile] = process.argv.slice(2);
const manifest = manifestFile && JSON.parse(readFileSync(manifestFile, "utf8"));
const text = readFileSync("Page.graphql", "utf8");
const sha256 = async (query) => createHash("sha256").update(query).digest("hex");
const requests = [];

function watchedFetch(address, options = {}) {
  const body = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(address).searchParams);
  requests.push({ method: options.method ?? "GET", hasText: Boolean(body.query), hasHash: "extensions" in body });
  return fetch(address, options);
}

async function askApollo() {
  const http = new HttpLink({ uri: url, fetch: watchedFetch, headers: { authorization: `Bearer ${key}` } });
  const ids = manifest
    ? generatePersistedQueryIdsFromManifest({ loadManifest: async () => manifest })
    : { sha256 };
  const persisted = new PersistedQueryLink({ ...ids, useGETForHashedQueries: true });
  const client = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.from([persisted, http]) });
  const query = gql(text);
  return async () => {
    const { data, error } = await client.query({ query, variables: { slug }, fetchPolicy: "network-only", errorPolicy: "all" });
    return { title: data?.answer?.title, codes: error?.errors?.map((each) => each.extensions.code) ?? [] };
  };
}

async function askUrql() {
  const known = new Map(manifest?.operations.map((operation) => [operation.name, operation.id]));
  const persisted = persistedExchange({
    preferGetForPersistedQueries: true,
    enforcePersistedQueries: Boolean(manifest),
    generateHash: manifest ? async (_, document) => known.get(document.definitions[0].name.value) : sha256,
  });
  const client = new Client({
    url,
    fetch: watchedFetch,
    fetchOptions: { headers: { authorization: `Bearer ${key}` } },
    exchanges: [persisted, fetchExchange],
    preferGetMethod: false,
  });
  return async () => {
    const { data, error } = await client.query(text, { slug }, { requestPolicy: "network-only" }).toPromise();
    return { title: data?.answer?.title, codes: error?.graphQLErrors.map((each) => each.extensions.code) ?? [] };
  };
}

const ask = kind === "apollo" ? await askApollo() : await askUrql();
const results = [await ask(), await ask()];
console.log(JSON.stringify({ requests, results }));
process.exit(0);
